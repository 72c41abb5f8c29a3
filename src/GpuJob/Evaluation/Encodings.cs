using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>What an encoder makes of many images, in their order.</summary>
/// <param name="Features">What the last layers make the anchors from, [N, features]; null where the network has no such place.</param>
/// <param name="Anchors">[N, d].</param>
internal sealed record Encodings(Tensor? Features, Tensor Anchors)
{
    /// <summary>Images that go through the encoder together. Each is encoded by itself, so that this changes memory and rounding only.</summary>
    internal const int BatchSize = 256;

    /// <param name="done">Called with the number of images done.</param>
    internal static Encodings Of(ImageEncoder encoder, ImageSample images, Action<long> done) => Of(encoder, images.Count, BatchSize, images.Images, keepsFeatures: true, done);

    /// <param name="count">Of the images.</param>
    /// <param name="images">Gives consecutive images by the first one's number and their number, float32 [B, 3, S, S] in [-1, 1]; fewer where some cannot be used.</param>
    /// <param name="keepsFeatures">Whether anybody asks for them; they may be far longer than anchors.</param>
    /// <param name="done">Called with the number of images done.</param>
    /// <returns>In memory, wherever the encoder computes.</returns>
    internal static Encodings Of(ImageEncoder encoder, long count, int batchSize, Func<long, long, Tensor> images, bool keepsFeatures, Action<long> done)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (device, features, anchors) = (encoder.Device(), new List<Tensor>(), new List<Tensor>());
        for (long start = 0; start < count; start += batchSize)
        {
            using var batch = NewDisposeScope();
            var end = Math.Min(start + batchSize, count);
            var given = images(start, end - start).to(device);
            if (given.shape[0] > 0)
            {
                var read = encoder.Read(given);
                anchors.Add(read.Anchors.cpu().MoveToOuterDisposeScope());
                if (keepsFeatures && read.Features is { } before)
                    features.Add(before.cpu().MoveToOuterDisposeScope());
            }

            done(end);
        }

        return new Encodings(features.Count > 0 ? cat(features).MoveToOuterDisposeScope() : null, cat(anchors).MoveToOuterDisposeScope());
    }
}
