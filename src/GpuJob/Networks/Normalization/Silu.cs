using System.Numerics;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>x times the logistic function of x, of several numbers at once.</summary>
internal static class Silu
{
    internal static Vector<float> Value(Vector<float> x) => x / (Vector<float>.One + Vector.Exp(-x));

    /// <summary>The derivative.</summary>
    internal static Vector<float> Slope(Vector<float> x)
    {
        var logistic = Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
        return logistic * (Vector<float>.One + x * (Vector<float>.One - logistic));
    }
}
