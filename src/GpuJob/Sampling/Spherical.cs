using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>The way between two draws from N(0, I) that stays among such draws: along a great circle (Shoemake, 1985), where a straight one would come too near to zero.</summary>
internal static class Spherical
{
    /// <summary>Below this sine of their angle two points lie so nearly on a line through zero that the straight way is the same.</summary>
    private const double LeastSine = 1e-4;

    /// <param name="from">[1, ...].</param> <param name="to">Likewise.</param> <param name="parts">How far along the way, from 0 to 1.</param>
    /// <returns>[parts, ...].</returns>
    internal static Tensor Between(Tensor from, Tensor to, IReadOnlyList<double> parts)
    {
        using var scope = NewDisposeScope();
        var cosine = (from * to).sum().item<float>() / Math.Max((from.norm() * to.norm()).item<float>(), float.Epsilon);
        var angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        return cat([.. parts.Select(part => Math.Sin(angle) < LeastSine
            ? from * (1 - part) + to * part
            : from * (Math.Sin((1 - part) * angle) / Math.Sin(angle)) + to * (Math.Sin(part * angle) / Math.Sin(angle)))]).MoveToOuterDisposeScope();
    }
}
