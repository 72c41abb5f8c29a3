namespace Lzn.Durable.InMemory;

/// <summary>A blob's lease. One that has run out can still be renewed, as long as nobody else has taken it.</summary>
internal sealed class MemoryLease
{
    private string? _id;
    private DateTimeOffset _until;
    private TimeSpan? _duration;

    public bool IsHeld(DateTimeOffset now) => _id is not null && now < _until;

    public string State(DateTimeOffset now) => _id is null ? "available" : IsHeld(now) ? "leased" : "expired";

    /// <returns>The holder's id; null when another one has it.</returns>
    public string? Acquire(string? proposed, TimeSpan? duration, DateTimeOffset now)
    {
        if (IsHeld(now) && proposed != _id)
            return null;
        _id = proposed ?? Guid.NewGuid().ToString();
        _duration = duration;
        Extend(now);
        return _id;
    }

    public bool TryRenew(string id, DateTimeOffset now)
    {
        if (id != _id)
            return false;
        Extend(now);
        return true;
    }

    public bool TryRelease(string id)
    {
        if (id != _id)
            return false;
        _id = null;
        return true;
    }

    public void Break() => _id = null;

    /// <summary>Whether a write may go on that names this lease, or none.</summary>
    public bool Admits(string? id, DateTimeOffset now) => id is null ? !IsHeld(now) : id == _id && IsHeld(now);

    private void Extend(DateTimeOffset now) => _until = _duration is { } duration ? now + duration : DateTimeOffset.MaxValue;
}
