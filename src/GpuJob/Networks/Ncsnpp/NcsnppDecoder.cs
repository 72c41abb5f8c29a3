using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>
/// The rectified-flow U-Net: the velocity of a noisy image towards its image, under the condition of latent, label and time (docs/method.md, section 4).
/// </summary>
internal sealed class NcsnppDecoder : ImageDecoder
{
    /// <summary>Networks see the time on the scale of 1000 noise levels.</summary>
    private const double TimeScale = 999;

    private readonly NcsnppOptions _options;
    private readonly Condition _condition;
    private readonly DownPath _down;
    private readonly UpPath _up;
    private readonly nn.Module<Tensor, Tensor>? _shrink;
    private readonly nn.Module<Tensor, Tensor>? _enlarge;

    [ComponentName(Name = "sigmas")]
    private readonly Tensor _sigmas;                                            // [num_scales], float64, falling

    [ComponentName(Name = "all_modules")]
    private readonly NumberedModules _all = [];

    /// <param name="classes">Number of labels; 0 for none.</param> <param name="generator">Gives the initial weights.</param>
    /// <param name="dropout">Gives the masks of dropout in training; left out, its own do.</param>
    internal NcsnppDecoder(NcsnppOptions options, int latentDimension, int classes, Generator generator, DropoutMasks? dropout = null)
        : base(nameof(NcsnppDecoder))
    {
        var layers = new NcsnppLayers(generator, dropout ?? new DropoutMasks());
        _options = options;
        _sigmas = NoiseLevels(options);
        _condition = new Condition(options, layers, _all, latentDimension, classes);
        _down = new DownPath(options, layers, _all, options.ConditionDimension);
        _up = new UpPath(options, layers, _all, _down.Maps);
        (_shrink, _enlarge) = (_down.Shrink, _up.Enlarge);
        RegisterComponents();
    }

    /// <remarks>Times are above 0: its logarithm may be what the network sees.</remarks>
    public override Tensor forward(Tensor latents, Tensor labels, Tensor t, Tensor xt)
    {
        using var scope = NewDisposeScope();
        var time = t * TimeScale;
        var condition = _condition.Forward(latents, labels, time).As(xt);
        var (features, middle) = _down.Forward(xt, condition);
        var velocity = _up.Forward(middle, features, condition);
        if (_options.ScaleBySigma)
            velocity = velocity / Sigma(time).view(-1, 1, 1, 1);
        return velocity.MoveToOuterDisposeScope();
    }

    private Tensor Sigma(Tensor time) => _options.EmbeddingType == EmbeddingType.Fourier ? time : _sigmas.index_select(0, time.@long()).to_type(time.dtype);

    private static Tensor NoiseLevels(NcsnppOptions options)
    {
        using var scope = NewDisposeScope();
        return linspace(Math.Log(options.SigmaMax), Math.Log(options.SigmaMin), options.NumScales, dtype: ScalarType.Float64).exp().DetachFromDisposeScope();
    }
}
