namespace LznPipeline.GpuJob.Flow;

/// <summary>What a latent flow computes, beside its tensors.</summary>
/// <param name="FromOwn">
/// Each row starts at an anchor of its own and is followed relative to it; else the rows are followed relative to the origin, and the probability of one anchor is reported at each step.
/// </param>
/// <param name="BlockRows">Rows that go through all steps together.</param>
/// <param name="Recorded">Whether there will be a backward, so that the deltas of all steps are kept.</param>
internal sealed record FlowPlan(FlowSchedule Schedule, bool FromOwn, long BlockRows, bool Recorded)
{
    internal int Steps => Schedule.Steps.Count;

    /// <summary>How many deltas are kept at a time.</summary>
    internal int Kept => Recorded ? Steps : Math.Min(FlowSchedule.GreatestOrder, Steps);

    /// <summary>The blocks of so many rows.</summary>
    internal IEnumerable<(long Start, long Count)> Blocks(long rows)
    {
        for (long start = 0; start < rows; start += BlockRows)
            yield return (start, Math.Min(BlockRows, rows - start));
    }
}
