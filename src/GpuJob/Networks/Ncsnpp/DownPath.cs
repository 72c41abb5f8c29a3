using LznPipeline.Shared.Recipes;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The way down and the middle, which encoder and decoder share.</summary>
internal sealed class DownPath
{
    private readonly Conv2d _stem;
    private readonly List<(List<Stage> Stages, DownStep? Down)> _levels = [];
    private readonly Stage _middle1;
    private readonly Stage _middle2;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    internal DownPath(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int condition)
    {
        var channels = options.Nf;
        var imageChannels = options.NumChannels;
        var maps = new List<FeatureMap>();

        Shrink = options.ProgressiveInput == ProgressiveInput.InputSkip ? Resampling.Halve(options) : null;
        _stem = all.Next(layers.Conv2d(imageChannels, channels));
        maps.Add(new FeatureMap(channels, options.Resolution(0)));
        for (var level = 0; level < options.Channels.Count; level++)
        {
            var stages = new List<Stage>();
            for (var block = 0; block < options.NumResBlocks; block++)
            {
                stages.Add(new Stage(options, layers, all, channels, options.Channels[level], condition, options.AttendsAt(level)));
                channels = options.Channels[level];
                maps.Add(new FeatureMap(channels, options.Resolution(level)));
            }

            DownStep? down = null;
            if (level < options.Channels.Count - 1)
            {
                down = new DownStep(options, layers, all, channels, imageChannels, condition, Shrink);
                maps.Add(new FeatureMap(channels, options.Resolution(level + 1)));
                if (options.ProgressiveInput == ProgressiveInput.Residual)
                    imageChannels = channels;
            }

            _levels.Add((stages, down));
        }

        _middle1 = new Stage(options, layers, all, channels, channels, condition, attends: true);
        _middle2 = new Stage(options, layers, all, channels, channels, condition, attends: false);
        Maps = maps;
    }

    /// <summary>Halves the image where it enters as it is. The network registers it, so that it moves with the network.</summary>
    internal nn.Module<Tensor, Tensor>? Shrink { get; }

    /// <summary>The feature maps of the way down, in the order of computation.</summary>
    internal IReadOnlyList<FeatureMap> Maps { get; }

    /// <param name="x">[B, C, S, S].</param> <param name="condition">After its activation, or null.</param>
    /// <returns>Tensors of <see cref="Maps"/>, and the middle's, which has the shape of the last of them.</returns>
    internal (List<Tensor> Features, Tensor Middle) Forward(Tensor x, Tensor? condition)
    {
        var features = new List<Tensor> { _stem.call(x) };
        var image = x;
        foreach (var (stages, down) in _levels)
        {
            foreach (var stage in stages)
                features.Add(stage.Forward(features[^1], condition));
            if (down is null)
                continue;
            (var smaller, image) = down.Forward(features[^1], image, condition);
            features.Add(smaller);
        }

        return (features, _middle2.Forward(_middle1.Forward(features[^1], condition), condition));
    }
}

/// <summary>A feature map's size, in channels and in pixels of one side.</summary>
internal sealed record FeatureMap(int Channels, int Resolution);

/// <summary>From one resolution to the next lower one: the feature map, and beside it the image where it enters there.</summary>
internal sealed class DownStep
{
    private readonly Func<Tensor, Tensor?, Tensor> _halve;
    private readonly Func<Tensor, Tensor, (Tensor Features, Tensor Image)> _enter;

    /// <param name="imageChannels">Channels of the image, or of what <see cref="ProgressiveInput.Residual"/> has made of it.</param>
    /// <param name="shrink">Halves the image, for <see cref="ProgressiveInput.InputSkip"/>.</param>
    internal DownStep(
        NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int channels, int imageChannels, int condition, nn.Module<Tensor, Tensor>? shrink)
    {
        if (options.ResblockType == ResblockType.Biggan)
        {
            var block = all.Next(new ResnetBlockBigGan(options, layers, channels, channels, condition, Resampling.Halve(options)));
            _halve = block.call;
        }
        else
        {
            var convolution = all.Next(new Downsample(layers, channels));
            _halve = (features, _) => convolution.call(features);
        }

        switch (options.ProgressiveInput)
        {
            case ProgressiveInput.InputSkip when shrink is not null:
                var skip = all.Next(new InputSkip(layers, imageChannels, channels));
                _enter = (features, image) =>
                {
                    image = shrink.call(image);
                    return (skip.call(image, features), image);
                };
                break;
            case ProgressiveInput.Residual:
                var residual = all.Next(new FirDownsample(options, layers, imageChannels, channels));
                _enter = (features, image) =>
                {
                    image = ResidualBlock.Sum(residual.call(image), features, options.SkipRescale);
                    return (image, image);
                };
                break;
            default:
                _enter = (features, image) => (features, image);
                break;
        }
    }

    internal (Tensor Features, Tensor Image) Forward(Tensor features, Tensor image, Tensor? condition) => _enter(_halve(features, condition), image);
}

/// <summary>A residual block, with attention after it where its resolution has it.</summary>
internal sealed class Stage
{
    private readonly ResidualBlock _block;
    private readonly AttentionBlock? _attention;

    internal Stage(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int inputs, int outputs, int condition, bool attends)
    {
        _block = all.Next<ResidualBlock>(options.ResblockType == ResblockType.Biggan
            ? new ResnetBlockBigGan(options, layers, inputs, outputs, condition)
            : new ResnetBlockDdpm(options, layers, inputs, outputs, condition));
        _attention = attends ? all.Next(new AttentionBlock(options, layers, outputs)) : null;
    }

    internal Tensor Forward(Tensor x, Tensor? condition)
    {
        var h = _block.call(x, condition);
        return _attention is null ? h : _attention.call(h);
    }
}

/// <summary>Adds the image, at a feature map's resolution and through a 1x1 convolution, to the feature map.</summary>
internal sealed class InputSkip : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "Conv_0")]
    private readonly Conv2d _conv;

    internal InputSkip(NcsnppLayers layers, int imageChannels, int channels)
        : base(nameof(InputSkip))
    {
        _conv = layers.Conv2d(imageChannels, channels, kernel: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image, Tensor features) => _conv.call(image).add_(features);
}
