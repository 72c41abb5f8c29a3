using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>"Network in network": one linear map at every place, with its weight stored as [inputs, outputs].</summary>
internal sealed class Nin : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "W")]
    private readonly Parameter _weight;

    [ComponentName(Name = "b")]
    private readonly Parameter _bias;

    internal Nin(int inputs, int outputs)
        : base(nameof(Nin))
    {
        _weight = new Parameter(zeros(inputs, outputs));
        _bias = new Parameter(zeros(outputs));
        RegisterComponents();
    }

    internal Parameter Weight => _weight;

    /// <param name="x">[B, inputs, H, W].</param> <returns>[B, outputs, H, W].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var kernel = _weight.t().unsqueeze(2).unsqueeze(3);                     // [outputs, inputs, 1, 1]
        return nn.functional.conv2d(x, kernel, _bias).MoveToOuterDisposeScope();
    }
}
