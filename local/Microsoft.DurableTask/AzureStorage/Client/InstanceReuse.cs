using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Client;

/// <summary>What a start does with an instance of the same id. Unless told otherwise it replaces what is over and refuses what is not.</summary>
internal sealed class InstanceReuse
{
    private static readonly InstanceReuse Default =
        new([OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended]);

    private readonly HashSet<OrchestrationRuntimeStatus> _protected;

    private InstanceReuse(HashSet<OrchestrationRuntimeStatus> isProtected)
    {
        _protected = isProtected;
    }

    /// <exception cref="ArgumentException">A status that does not exist, or Terminated without all those that would have to be terminated first.</exception>
    public static InstanceReuse Of(IReadOnlyList<string>? dedupeStatuses)
    {
        if (dedupeStatuses is null)
            return Default;
        var reuse = new InstanceReuse([.. dedupeStatuses.Select(Parse)]);
        var replacesRunning = Default._protected.Except(reuse._protected).Any();
        return reuse.Protects(OrchestrationRuntimeStatus.Terminated) && replacesRunning
            ? throw new ArgumentException("DedupeStatuses protects Terminated instances, but lets running ones be replaced, which terminates them.", nameof(dedupeStatuses))
            : reuse;
    }

    public bool Protects(OrchestrationRuntimeStatus status) => _protected.Contains(status);

    /// <summary>Whether an instance may be replaced as it is. One that is not over is terminated first.</summary>
    public bool MayReplace(OrchestrationRuntimeStatus status) => History.InstanceState.IsFinal(status) && !Protects(status);

    private static OrchestrationRuntimeStatus Parse(string status) =>
        Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
            ? parsed
            : throw new ArgumentException($"'{status}' is not a status. Allowed: {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.", nameof(status));
}
