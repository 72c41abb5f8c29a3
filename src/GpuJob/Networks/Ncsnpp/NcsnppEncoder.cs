using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>
/// Maps an image to its anchor: the U-Net's way down and middle, without time;
/// every feature map gives a vector, and the anchor is their sum (docs/method.md, section 4).
/// </summary>
internal sealed class NcsnppEncoder : ImageEncoder
{
    private readonly DownPath _down;
    private readonly nn.Module<Tensor, Tensor>? _shrink;

    [ComponentName(Name = "spatial_transformations")]
    private readonly ModuleDict<Sequential> _spatial = new();

    [ComponentName(Name = "latent_transformations")]
    private readonly ModuleDict<Sequential> _latent = new();

    [ComponentName(Name = "all_modules")]
    private readonly NumberedModules _all = [];

    /// <param name="generator">Gives the initial weights.</param> <param name="dropout">Gives the masks of dropout in training; left out, its own do.</param>
    internal NcsnppEncoder(NcsnppOptions options, NcsnppHeads heads, int latentDimension, Generator generator, DropoutMasks? dropout = null)
        : base(nameof(NcsnppEncoder))
    {
        var layers = new NcsnppLayers(generator, dropout ?? new DropoutMasks());
        _down = new DownPath(options, layers, _all, condition: 0);
        _shrink = _down.Shrink;
        foreach (var (index, map) in Maps().Index().Where(each => heads.Reads(each.Item.Resolution)))
        {
            var key = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _spatial.Add(key, nn.Sequential(layers.Conv2d(map.Channels, heads.NumBaseChannels, kernel: 1), nn.SiLU()));
            _latent.Add(key, LatentLayers(layers, heads, map, latentDimension));
        }

        RegisterComponents();
    }

    internal override (Tensor? Features, Tensor Anchors) Read(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (features, middle) = _down.Forward(images, condition: null);
        features.Add(middle);
        var anchors = features.Index()
            .Select(each => (Key: each.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), each.Item))
            .Where(each => _spatial.ContainsKey(each.Key))
            .Select(each => _latent[each.Key].call(_spatial[each.Key].call(each.Item).flatten(1).AsFloat32()));
        return (null, anchors.Aggregate((sum, vector) => sum + vector).MoveToOuterDisposeScope());
    }

    /// <summary>The maps of the way down, then the middle's.</summary>
    private IEnumerable<FeatureMap> Maps() => _down.Maps.Append(_down.Maps[^1]);

    /// <summary>From a map of few channels to a vector of the latent space: linear layers with activations between them.</summary>
    private static Sequential LatentLayers(NcsnppLayers layers, NcsnppHeads heads, FeatureMap map, int latentDimension)
    {
        var sequence = nn.Sequential();
        var length = heads.NumBaseChannels * map.Resolution * map.Resolution;
        for (var layer = 1; layer < heads.NumLatentTransformationLayers; layer++)
        {
            sequence.append(layers.Linear(length, heads.NumBaseUnits)).append(nn.SiLU());
            length = heads.NumBaseUnits;
        }

        return sequence.append(layers.Linear(length, latentDimension));
    }
}
