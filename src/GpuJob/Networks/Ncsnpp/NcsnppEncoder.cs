using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Maps an image to its anchor: the U-Net's way down and middle, without time; every feature map gives a vector, and the anchor is their sum (lzn.md, section 4).</summary>
internal sealed class NcsnppEncoder : nn.Module<Tensor, Tensor>
{
    private readonly DownPath _down;
    private readonly nn.Module<Tensor, Tensor>? _shrink;

    [ComponentName(Name = "spatial_transformations")]
    private readonly ModuleDict<Sequential> _spatial = new();

    [ComponentName(Name = "latent_transformations")]
    private readonly ModuleDict<Sequential> _latent = new();

    [ComponentName(Name = "all_modules")]
    private readonly NumberedModules _all = [];

    /// <param name="generator">Gives the initial weights.</param>
    internal NcsnppEncoder(NcsnppOptions options, NcsnppEncoderOptions encoder, int latentDimension, Generator generator)
        : base(nameof(NcsnppEncoder))
    {
        options.Validate();
        encoder.Validate(options);
        var layers = new NcsnppLayers(generator);
        _down = new DownPath(options, layers, _all, condition: 0);
        _shrink = _down.Shrink;
        foreach (var (index, map) in Maps().Index().Where(each => encoder.Reads(each.Item)))
        {
            var key = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _spatial.Add(key, nn.Sequential(layers.Conv(map.Channels, encoder.NumBaseChannels, kernel: 1), nn.SiLU()));
            _latent.Add(key, LatentLayers(layers, encoder, map, latentDimension));
        }

        RegisterComponents();
    }

    /// <param name="images">[B, C, S, S] in [-1, 1].</param> <returns>Anchors, [B, d].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (features, middle) = _down.Forward(images, condition: null);
        features.Add(middle);
        var anchors = features.Index()
            .Select(each => (Key: each.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), each.Item))
            .Where(each => _spatial.ContainsKey(each.Key))
            .Select(each => _latent[each.Key].call(_spatial[each.Key].call(each.Item).flatten(1)));
        return anchors.Aggregate((sum, vector) => sum + vector).MoveToOuterDisposeScope();
    }

    /// <summary>The maps of the way down, then the middle's.</summary>
    private IEnumerable<FeatureMap> Maps() => _down.Maps.Append(_down.Maps[^1]);

    /// <summary>From a map of few channels to a vector of the latent space: linear layers with activations between them.</summary>
    private static Sequential LatentLayers(NcsnppLayers layers, NcsnppEncoderOptions encoder, FeatureMap map, int latentDimension)
    {
        var sequence = nn.Sequential();
        var length = encoder.NumBaseChannels * map.Resolution * map.Resolution;
        for (var layer = 1; layer < encoder.NumLatentTransformationLayers; layer++)
        {
            sequence.append(layers.Linear(length, encoder.NumBaseUnits)).append(nn.SiLU());
            length = encoder.NumBaseUnits;
        }

        return sequence.append(layers.Linear(length, latentDimension));
    }
}
