namespace LznPipeline.GpuJob.Training;

/// <summary>The time that a training may take, over all its attempts.</summary>
/// <param name="limit">Null for any.</param>
internal sealed class TimeBudget(TimeSpan? limit, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _before;

    /// <summary>Up to now, without what was lost behind the checkpoint that an attempt went on from; null without a limit.</summary>
    internal TimeSpan? Spent => limit is null ? null : _before + clock.GetElapsedTime(_began);

    internal bool IsSpent => Spent >= limit;

    /// <param name="spent">By earlier attempts.</param>
    internal void Restore(TimeSpan? spent) => _before = spent ?? TimeSpan.Zero;
}
