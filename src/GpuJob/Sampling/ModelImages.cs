using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>New images of a model: a latent, from the prior or from a label's zone, and noise, both drawn by seed and batch, then the decoder.</summary>
/// <param name="model">With a decoder.</param>
internal sealed class ModelImages(LznModel model, Recipe recipe, long seed)
{
    private readonly Draws _draws = new(seed);
    private readonly ImageSampler _sampler = new(model.Decoder!, recipe.Sampling!);     // who has a decoder has this section

    /// <param name="batch">Which of the images that the seed gives.</param>
    /// <param name="labels">int64 [B]; only their number counts where the model knows no labels.</param>
    /// <param name="predicted">As in <see cref="ImageSampler.Draw"/>.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor Draw(long batch, Tensor labels, Waypoint? predicted = null)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (latents, noise) = Beginnings(batch, labels);
        return _sampler.Draw(noise, latents, model.OneHot(labels), predicted).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Images that are each a batch of their own, though they are drawn together:
    /// which others are drawn changes them by rounding, or within the solver's tolerance.
    /// </summary>
    /// <param name="first">Which of the images that the seed gives is the first.</param> <param name="labels">As in <see cref="Draw"/>.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor DrawEach(long first, Tensor labels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var begins = Enumerable.Range(0, (int)labels.shape[0]).Select(index => Beginnings(first + index, labels.narrow(0, index, 1))).ToList();
        return _sampler.Draw(cat([.. begins.Select(each => each.Noise)]), cat([.. begins.Select(each => each.Latents)]), model.OneHot(labels))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Where the images of a batch begin.</summary>
    /// <param name="batch">Which of the images that the seed gives.</param>
    /// <param name="labels">int64 [B]; only their number counts where the model knows no labels.</param>
    /// <returns>Latents, [B, d], and noise, [B, 3, S, S].</returns>
    internal (Tensor Latents, Tensor Noise) Beginnings(long batch, Tensor labels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var priors = _draws.For(RandomStream.SamplePrior, batch);
        using var noises = _draws.For(RandomStream.SampleNoise, batch);
        var prior = randn(labels.shape[0], recipe.Encoder.LatentDimension, generator: priors);
        var noise = randn(labels.shape[0], Picture.Channels, recipe.Image.Size, recipe.Image.Size, generator: noises);
        // who has label anchors has their flow
        var latents = model.LabelAnchors is { } anchors ? LatentFlow.Of(recipe.LabelFlow!).Forward(anchors.cpu(), prior, labels) : prior;
        return scope.MoveToOuter(latents, noise);
    }
}

/// <summary>Many images in one picture, with thin lines between them.</summary>
internal static class PictureGrid
{
    private const int Thin = 2;
    private const byte White = 255;

    /// <summary>One picture, without any line.</summary>
    /// <param name="image">[1, 3, S, S] in [-1, 1].</param>
    internal static byte[] Single(Tensor image) => Png(image, columns: 1, line: 0);

    /// <summary>Width and height of the picture of so many images of a size.</summary>
    internal static (long Width, long Height) Measure(long count, int columns, int size) => Measure(count, columns, size, Thin);

    /// <param name="images">[rows * columns, 3, S, S] in [-1, 1], row by row.</param>
    internal static byte[] Png(Tensor images, int columns) => Png(images, columns, Thin);

    private static byte[] Png(Tensor images, int columns, int line)
    {
        var (count, size) = ((int)images.shape[0], (int)images.shape[3]);
        using var pixels = ((images.clamp(-1, 1) + 1) * 127.5).round().to_type(ScalarType.Byte).permute(0, 2, 3, 1).contiguous();      // [count, S, S, 3]
        var (width, height) = ((int, int))Measure(count, columns, size, line);
        var picture = Picture.Blank(width, height);
        picture.Pixels.AsSpan().Fill(White);
        var source = pixels.bytes;
        var row = size * Picture.Channels;
        for (var index = 0; index < count; index++)
        for (var y = 0; y < size; y++)
        {
            var (top, left) = (line + index / columns * (size + line) + y, line + index % columns * (size + line));
            source.Slice((index * size + y) * row, row).CopyTo(picture.Pixels.AsSpan((top * width + left) * Picture.Channels));
        }

        return Data.Pictures.Png.Encode(picture);
    }

    private static (long Width, long Height) Measure(long count, int columns, int size, int line) =>
        (columns * (long)(size + line) + line, (count + columns - 1) / columns * (size + line) + line);
}
