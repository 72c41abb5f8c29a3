using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>A linear map of vectors, [..., inputs] to [..., outputs], that computes in the type of its input, as <see cref="Conv"/> does.</summary>
internal sealed class Dense : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    internal Dense(long inputs, long outputs, bool bias = true)
        : base(nameof(Dense))
    {
        _weight = new Parameter(zeros(outputs, inputs));
        _bias = bias ? new Parameter(zeros(outputs)) : null;
        RegisterComponents();
    }

    internal Parameter Weight => _weight;

    internal Parameter? Bias => _bias;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(x, _weight.As(x), _bias?.As(x)).MoveToOuterDisposeScope();
    }
}
