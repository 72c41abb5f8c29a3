using LznPipeline.GpuJob.Networks;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>What an encoder makes of many images, in their order.</summary>
/// <param name="Features">What the last layers make the anchors from, [N, features]; null where the network has no such place.</param>
/// <param name="Anchors">[N, d].</param>
internal sealed record Encodings(Tensor? Features, Tensor Anchors)
{
    /// <summary>Images that go through the encoder together. Each is encoded by itself, so that this changes nothing but memory.</summary>
    private const int BatchSize = 256;

    /// <param name="done">Called with the number of images done.</param>
    internal static Encodings Of(ImageEncoder encoder, ImageSample images, Action<long> done)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (features, anchors) = (new List<Tensor>(), new List<Tensor>());
        for (long start = 0; start < images.Count; start += BatchSize)
        {
            using var batch = NewDisposeScope();
            var count = Math.Min(BatchSize, images.Count - start);
            var read = encoder.Read(images.Images(start, count));
            anchors.Add(read.Anchors.MoveToOuterDisposeScope());
            if (read.Features is { } before)
                features.Add(before.MoveToOuterDisposeScope());
            done(start + count);
        }

        return new Encodings(features.Count > 0 ? cat(features).MoveToOuterDisposeScope() : null, cat(anchors).MoveToOuterDisposeScope());
    }
}
