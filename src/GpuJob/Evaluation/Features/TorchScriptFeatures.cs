using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>A feature network that the user names: a TorchScript module that takes float32 images [B, 3, S, S] in [-1, 1].</summary>
/// <remarks>It returns features [B, d]; or a tuple or list of features and logits [B, classes]; or of these and spatial features [B, ...].</remarks>
internal sealed class TorchScriptFeatures : IFeatureNetwork
{

    private readonly jit.ScriptModule _module;
    private readonly FeatureInput _input;
    private readonly string _source;
    private readonly Device _device;

    private TorchScriptFeatures(FeatureNetworkRecipe recipe, byte[] file, int imageSize, Device device)
    {
        (_source, _input, _device) = (recipe.Source, new FeatureInput(recipe.Size), device);
        Provenance = new FeatureProvenance($"TorchScript module {recipe.Source}", ContentHash.Sha256(file), _input.Describe(imageSize));
        try
        {
            _module = jit.load(file, device);
        }
        catch (ExternalException wrong)
        {
            throw new BadInputException($"evaluation.images.featureNetwork.source: '{recipe.Source}' is no TorchScript module that this libtorch can load "
                + $"({FirstLine(wrong)}). Save one with torch.jit.save.", wrong);
        }

        _module.eval();
    }

    public FeatureProvenance Provenance { get; }

    /// <param name="imageSize">Side of the images that it will be given, before it resizes them.</param> <param name="device">Where it shall compute.</param>
    /// <exception cref="BadInputException">There is no such file or blob, or it is no TorchScript module.</exception>
    internal static async Task<TorchScriptFeatures> LoadAsync(
        FeatureNetworkRecipe recipe, int imageSize, Device device, ArtifactStore store, CancellationToken stop) =>
        new(recipe, await ReadAsync(recipe.Source, store, stop), imageSize, device);

    public ImageFeatures Of(Tensor images)
    {
        var features = Run(images) switch
        {
            Tensor pooled => new ImageFeatures(pooled, null, null),
            (Tensor pooled, Tensor logits) => new ImageFeatures(pooled, logits, null),
            (Tensor pooled, Tensor logits, Tensor spatial) => new ImageFeatures(pooled, logits, spatial),
            Tensor[] { Length: 1 } list => new ImageFeatures(list[0], null, null),
            Tensor[] { Length: 2 } list => new ImageFeatures(list[0], list[1], null),
            Tensor[] { Length: 3 } list => new ImageFeatures(list[0], list[1], list[2]),
            var other => throw Wrong($"returned {other?.GetType().Name ?? "None"}"),
        };
        var count = images.shape[0];
        return new ImageFeatures(
            Table(features.Pooled, count, "features"),
            features.Logits is { } each ? Table(each, count, "logits") : null,
            features.Spatial is { } places ? Flat(places, count) : null);
    }

    public void Dispose() => _module.Dispose();

    private object? Run(Tensor images)
    {
        try
        {
            return _module.call(_input.Of(images.to(_device)));
        }
        catch (ExternalException wrong)
        {
            throw Wrong($"failed on images of shape [{string.Join(", ", images.shape)}] ({FirstLine(wrong)})");
        }
    }

    /// <summary>[B, n], also from [B, n, 1, 1].</summary>
    private Tensor Table(Tensor given, long count, string what) =>
        given.shape is [var rows, > 0, .. var rest] && rows == count && rest.All(extent => extent == 1)
            ? given.flatten(1)
            : throw Wrong($"returned {what} of shape [{string.Join(", ", given.shape)}] for {count} images, in place of [{count}, n]");

    private Tensor Flat(Tensor given, long count) => given.dim() >= 2 && given.shape[0] == count
        ? given.flatten(1)
        : throw Wrong($"returned spatial features of shape [{string.Join(", ", given.shape)}] for {count} images, in place of [{count}, ...]");

    private BadInputException Wrong(string what) => new(
        $"evaluation.images.featureNetwork.source: '{_source}' {what}. It must take float32 images [B, 3, S, S] in [-1, 1] "
        + "and return features [B, d], or a tuple of features, logits [B, classes] and, if it likes, spatial features [B, ...].");

    private static async Task<byte[]> ReadAsync(string source, ArtifactStore store, CancellationToken stop)
    {
        try
        {
            await using var content = await SourceAddress.OpenReadAsync(source, store, stop);
            return (await BinaryData.FromStreamAsync(content, stop)).ToArray();
        }
        catch (Exception missing) when (missing is FileNotFoundException or InvalidDataException)
        {
            throw new BadInputException(
                $"evaluation.images.featureNetwork.source: there is no '{source}'. Give the path of a TorchScript file that the job can read, "
                + $"or {SourceAddress.BlobPrefix}NAME for one in the container, or leave featureNetwork out to train a classifier in its place.",
                missing);
        }
    }

    private static string FirstLine(Exception wrong) => wrong.Message.Split('\n')[0].Trim();
}
