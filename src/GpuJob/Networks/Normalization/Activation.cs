using System.Numerics;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>What follows a normalisation.</summary>
internal enum Activation
{
    None,
    Relu,

    /// <summary>x times the logistic function of x.</summary>
    Silu,
}

/// <summary>An activation of several numbers at once.</summary>
internal interface IActivation
{
    static abstract Activation Kind { get; }

    static abstract Vector<float> Value(Vector<float> x);

    /// <summary>The derivative.</summary>
    static abstract Vector<float> Slope(Vector<float> x);
}

internal readonly struct NoActivation : IActivation
{
    public static Activation Kind => Activation.None;

    public static Vector<float> Value(Vector<float> x) => x;

    public static Vector<float> Slope(Vector<float> x) => Vector<float>.One;
}

internal readonly struct Relu : IActivation
{
    public static Activation Kind => Activation.Relu;

    public static Vector<float> Value(Vector<float> x) => Vector.Max(x, Vector<float>.Zero);

    public static Vector<float> Slope(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
}

internal readonly struct Silu : IActivation
{
    public static Activation Kind => Activation.Silu;

    public static Vector<float> Value(Vector<float> x) => x / (Vector<float>.One + Vector.Exp(-x));

    public static Vector<float> Slope(Vector<float> x)
    {
        var logistic = Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
        return logistic * (Vector<float>.One + x * (Vector<float>.One - logistic));
    }
}
