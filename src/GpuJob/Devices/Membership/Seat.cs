namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>A rank as the coordinator sees it.</summary>
internal sealed class Seat(Join join, Wire wire)
{
    private long _heard = TimeProvider.System.GetTimestamp();
    private long _operations;
    private volatile bool _left;

    internal Join Join => join;

    internal Wire Wire => wire;

    internal TimeSpan Silence => TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _heard));

    internal long Operations => Interlocked.Read(ref _operations);

    internal bool HasLeft => _left;

    internal void Heard(Message message)
    {
        Interlocked.Exchange(ref _heard, TimeProvider.System.GetTimestamp());
        if (message is Beat beat)
            Interlocked.Exchange(ref _operations, beat.Operations);
        if (message is Left)
            _left = true;
    }

    /// <summary>"Rank 3 (process 77 on host)".</summary>
    public override string ToString() => $"Rank {join.Rank} (process {join.ProcessId} on {join.Host})";
}
