namespace LznPipeline.GpuJob.Optimization;

/// <summary>Keeps the gradients of a float16 network within its range: the loss is multiplied by a factor, and the gradients are divided by it (Micikevicius et al., 2018).</summary>
/// <remarks>The factor is a power of two, so that it rounds nothing. It doubles after <see cref="GrowEvery"/> steps in a row that were taken, and is halved by each that was not.</remarks>
internal sealed class LossScale
{
    /// <summary>Of a training that begins.</summary>
    internal const double Initial = 65536;

    internal const int GrowEvery = 2000;

    private const double Greatest = 1 << 24;        // above, the gradients that float16 can hold are longer than any that are not clipped

    /// <summary>What the loss is multiplied by.</summary>
    internal double Factor { get; private set; } = Initial;

    /// <summary>Steps taken since the factor changed.</summary>
    internal int Steps { get; private set; }

    /// <param name="taken">Whether all gradients were finite.</param>
    internal void Update(bool taken)
    {
        Steps = taken ? Steps + 1 : 0;
        if (taken && Steps < GrowEvery)
            return;
        Factor = Math.Clamp(taken ? Factor * 2 : Factor / 2, 1, Greatest);
        Steps = 0;
    }

    internal LossScaleState Stored() => new(Factor, Steps);

    internal void Restore(LossScaleState stored) => (Factor, Steps) = (stored.Factor, stored.Steps);
}

/// <summary>A <see cref="LossScale"/> in a checkpoint.</summary>
internal sealed record LossScaleState(double Factor, int Steps);
