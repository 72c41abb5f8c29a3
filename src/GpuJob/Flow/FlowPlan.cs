namespace LznPipeline.GpuJob.Flow;

/// <summary>What a latent flow computes, beside its tensors.</summary>
/// <param name="FromOwn">
/// Each row starts at an anchor of its own and is followed relative to it; else rows are followed relative to the centre of the anchors, and the
/// probability of one anchor is reported for each.
/// </param>
/// <param name="BlockRows">Rows that go through all steps together.</param>
/// <param name="Recorded">Whether there will be a way back.</param>
/// <param name="KeepsProbabilities">Whether the way back finds the probabilities of all steps, [steps, M, N], or computes them again.</param>
internal sealed record FlowPlan(FlowSchedule Schedule, bool FromOwn, long BlockRows, bool Recorded, bool KeepsProbabilities)
{
    /// <summary>The blocks of so many rows.</summary>
    internal IEnumerable<RowBlock> Blocks(long rows)
    {
        for (long start = 0; start < rows; start += BlockRows)
            yield return new RowBlock(start, Math.Min(BlockRows, rows - start));
    }
}
