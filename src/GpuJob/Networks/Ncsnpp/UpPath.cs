using LznPipeline.Shared.Recipes;
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
