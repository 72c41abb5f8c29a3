using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The decoder's way up, from the middle to an image.</summary>
internal sealed class UpPath
{
    private readonly List<UpLevel> _levels = [];                                // lowest resolution first
    private readonly OutputHead? _head;

    /// <param name="maps">Feature maps of the way down, taken in from the last to the first.</param>
    internal UpPath(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, IReadOnlyList<FeatureMap> maps)
    {
        var channels = maps[^1].Channels;
        var skips = new Stack<FeatureMap>(maps);
        for (var level = options.Channels.Count - 1; level >= 0; level--)
        {
            var taken = Enumerable.Range(0, options.NumResBlocks + 1).Select(_ => skips.Pop().Channels).ToList();
            _levels.Add(new UpLevel(options, layers, all, level, channels, taken));
            channels = options.Channels[level];
        }

        if (options.Progressive == Progressive.OutputSkip)
            Enlarge = Resampling.Double(options);
        else
            _head = new OutputHead(options, layers, all, channels);
    }

    /// <summary>Doubles the image read out so far. The network registers it, so that it moves with the network.</summary>
    internal nn.Module<Tensor, Tensor>? Enlarge { get; }

    internal Tensor Forward(Tensor middle, List<Tensor> features, Tensor condition)
    {
        var skips = new Stack<Tensor>(features);
        var h = middle;
        Tensor? image = null;
        foreach (var level in _levels)
        {
            (h, var read) = level.Forward(h, skips, condition);
            if (read is not null)
                image = image is null || Enlarge is null ? read : read.add_(Enlarge.call(image));
        }

        return image ?? (_head ?? throw new InvalidOperationException("A network without output_skip has a head.")).Forward(h);
    }
}

/// <summary>
/// One resolution of the way up: stages that each take in a feature map of the way down, perhaps an image read out, and the step to the next resolution.
/// </summary>
internal sealed class UpLevel
{
    private readonly List<Stage> _stages = [];
    private readonly OutputHead? _head;
    private readonly Func<Tensor, Tensor, Tensor> _double = (features, _) => features;

    /// <param name="inputs">Channels from the level below.</param> <param name="skips">Channels of the feature maps taken in, in order.</param>
    internal UpLevel(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int level, int inputs, IReadOnlyList<int> skips)
    {
        var channels = options.Channels[level];
        for (var index = 0; index < skips.Count; index++)
        {
            var attends = index == skips.Count - 1 && options.AttendsAt(level);
            _stages.Add(new Stage(options, layers, all, (index == 0 ? inputs : channels) + skips[index], channels, options.ConditionDimension, attends));
        }

        if (options.Progressive == Progressive.OutputSkip)
            _head = new OutputHead(options, layers, all, channels);
        if (level == 0)
            return;
        if (options.ResblockType == ResblockType.Biggan)
        {
            var block = all.Next(new ResnetBlockBigGan(options, layers, channels, channels, options.ConditionDimension, Resampling.Double(options)));
            _double = block.call;
        }
        else
        {
            var convolution = all.Next(new Upsample(options, layers, channels));
            _double = (features, _) => convolution.call(features);
        }
    }

    /// <param name="skips">The last is taken first.</param>
    /// <returns>Features at the next resolution (at this one from the last level), and the image read out at this one.</returns>
    internal (Tensor Features, Tensor? Image) Forward(Tensor features, Stack<Tensor> skips, Tensor condition)
    {
        foreach (var stage in _stages)
        {
            using var joined = cat([features, skips.Pop()], 1);
            features = stage.Forward(joined, condition);
        }

        return (_double(features, condition), _head?.Forward(features));
    }
}

/// <summary>Reads an image out of a feature map: norm, activation, convolution.</summary>
internal sealed class OutputHead
{
    private readonly GroupNorm _norm;
    private readonly Conv2d _conv;

    internal OutputHead(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int channels)
    {
        _norm = all.Next(NcsnppLayers.Norm(channels));
        _conv = all.Next(layers.Conv2d(channels, options.NumChannels, scale: options.InitScale));
    }

    internal Tensor Forward(Tensor features) => _conv.call(NormSilu.Forward(_norm, features));
}
