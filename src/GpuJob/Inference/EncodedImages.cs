using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Inference.Arguments;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary>Images that could be read, and what the encoder makes of each by itself.</summary>
/// <param name="Anchors">[N, d].</param>
internal sealed record EncodedImages(IReadOnlyList<InputImage> Images, Tensor Anchors)
{
    /// <param name="what">Names the images where the command tells how far it is.</param>
    internal static EncodedImages Of(ModelFile model, IReadOnlyList<InputImage> images, string what, InputOptions options, CommandContext context)
    {
        var reader = new ImageReader(images, model.Recipe.Image, options.OnBadImage, context.Log);
        var encodings = Encodings.Of(model.Model.Encoder, images.Count, options.BatchSize ?? Encodings.BatchSize, reader.Read, keepsFeatures: false, context.Stage($"encode {what}", images.Count));
        return new EncodedImages(reader.Usable, encodings.Anchors);
    }
}
