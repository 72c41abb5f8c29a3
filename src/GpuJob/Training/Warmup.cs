namespace LznPipeline.GpuJob.Training;

/// <summary>The schedule of the learning rates (lzn.md, section 3): from a part of them in a straight line to the whole, then constant.</summary>
internal static class Warmup
{
    /// <summary>What a learning rate is multiplied by.</summary>
    /// <param name="steps">Steps done before.</param> <param name="length">The factor is 1 / length at first, and 1 after so many steps.</param>
    internal static double Factor(long steps, int length) => steps >= length ? 1 : (1 + (length - 1.0) * steps / length) / length;
}
