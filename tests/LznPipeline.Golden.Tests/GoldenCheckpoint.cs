using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints.Published;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks.Ncsnpp;
using LznPipeline.Shared;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>
/// A checkpoint that the published trainer saved, and what its networks compute.
/// Labels, and how the encoder reads its feature maps, stand in the networks' own file.
/// </summary>
internal sealed class GoldenCheckpoint(string name)
{
    private readonly Golden _networks = Golden.Open(name.Replace("checkpoint_", "net_", StringComparison.Ordinal));

    internal Golden Numbers { get; } = Golden.Open(name);

    internal string File { get; } = Golden.PathOf(name + ".pt");

    /// <summary>int64 [B]; all 0 where there are none.</summary>
    internal Tensor Labels => Numbers.Number("num_classes") > 0 ? _networks["label"] : zeros(Numbers["t"].shape, ScalarType.Int64, Golden.Device);

    /// <summary>Imports a file with a preset whose networks are made like those of this one.</summary>
    /// <returns>Our checkpoint.</returns>
    internal MemoryStream Import(string file)
    {
        var to = new MemoryStream();
        using var torch = TorchFile.Open(file);
        new PublishedImport(torch, Numbers.Number("num_classes") > 0 ? "case3-cifar10" : "case1-cifar10", Networks()).Write(to, classes: null);
        return to;
    }

    /// <summary>The golden networks in place of a preset's.</summary>
    private Dictionary<string, JsonElement> Networks()
    {
        var options = NcsnppOptions.Parse(Numbers.Text("config"));
        var form = JsonSerializer.SerializeToElement<NcsnppForm>(options, LznJson.Options);
        var heads = options.ParseHeads(_networks.Text("encoder"));
        return new()
        {
            ["image.size"] = JsonSerializer.SerializeToElement(options.ImageSize),
            ["encoder.latentDimension"] = JsonSerializer.SerializeToElement(Numbers.Number("latent_dim")),
            ["encoder.form"] = form,
            ["encoder.heads"] = JsonSerializer.SerializeToElement(heads, LznJson.Options),
            ["decoder.form"] = form,
        };
    }
}
