using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The way down and the middle, which encoder and decoder share.</summary>
internal sealed class DownPath
{
    private readonly Conv _stem;
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
        _stem = all.Next(layers.Conv(imageChannels, channels));
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
