using LznPipeline.GpuJob.Networks.Common;
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

    /// <summary>Three maps of the same places in one product.</summary>
    /// <param name="places">[B, n, inputs].</param> <returns>[B, n, outputs] of each map.</returns>
    internal static (Tensor First, Tensor Second, Tensor Third) Together(Tensor places, Nin first, Nin second, Nin third)
    {
        var weight = cat([first._weight, second._weight, third._weight], 1);    // [inputs, outputs of all]
        var bias = cat([first._bias, second._bias, third._bias]);
        var all = nn.functional.linear(places, weight.As(places).t(), bias.As(places)).chunk(3, dim: 2);
        return (all[0], all[1], all[2]);
    }

    /// <param name="places">[B, n, inputs].</param> <returns>[B, n, outputs].</returns>
    public override Tensor forward(Tensor places) => nn.functional.linear(places, _weight.As(places).t(), _bias.As(places));
}
