using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks;

/// <summary>A linear map of vectors, [..., inputs] to [..., outputs], that computes in the type of its input, as <see cref="Conv"/> does.</summary>
internal sealed class Dense : nn.Module<Tensor, Tensor>
{
    internal Dense(long inputs, long outputs, bool bias = true)
        : base(nameof(Dense))
    {
        register_parameter("weight", Weight = new Parameter(zeros(outputs, inputs)));
        if (bias)
            register_parameter("bias", Bias = new Parameter(zeros(outputs)));
    }

    internal Parameter Weight { get; }

    internal Parameter? Bias { get; }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(x, Weight.As(x), Bias?.As(x)).MoveToOuterDisposeScope();
    }
}
