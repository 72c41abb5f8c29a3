using LznPipeline.GpuJob.Networks.Ncsnpp;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>The networks of a golden file, with the formula's weights.</summary>
internal sealed class GoldenNcsnpp
{
    private readonly NcsnppOptions _options;
    private readonly int _latentDimension;

    internal GoldenNcsnpp(string name)
    {
        File = Golden.Open(name);
        _options = NcsnppOptions.Parse(File.Text("config"));
        _latentDimension = File.Number("latent_dim");
        Classes = File.Number("num_classes");
    }

    internal Golden File { get; }

    internal int Classes { get; }

    /// <summary>One-hot labels, [B, classes].</summary>
    internal Tensor Labels => Classes == 0
        ? zeros([File["xt"].shape[0], 0], device: Golden.Device)
        : nn.functional.one_hot(File["label"], Classes).to_type(ScalarType.Float32);

    /// <summary>The decoder's velocity under the file's latents and labels.</summary>
    internal Velocity Velocity()
    {
        var decoder = Decoder();
        var (latents, labels) = (File["latent"], Labels);
        return (x, t) => decoder.call(latents, labels, full(x.shape[0], t, device: x.device), x);
    }

    internal NcsnppDecoder Decoder()
    {
        using var generator = new Generator();
        return Formula.Fill(new NcsnppDecoder(_options, _latentDimension, Classes, generator));
    }

    internal NcsnppEncoder Encoder(NcsnppHeads? heads = null)
    {
        using var generator = new Generator();
        return Formula.Fill(new NcsnppEncoder(_options, heads ?? _options.ParseHeads(File.Text("encoder")), _latentDimension, generator));
    }
}
