using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>What a classifier learns so that its features can be used.</summary>
/// <param name="Answers">How many there are to choose from.</param>
/// <param name="What">What it is asked for, in words.</param>
internal abstract record FeatureTask(int Answers, string What)
{
    /// <summary>Whether the answers are classes of the dataset, as the inception score needs.</summary>
    internal abstract bool AreClasses { get; }

    internal static FeatureTask Of(int classes) => classes > 1 ? new Labels(classes) : new Turns();

    /// <summary>The images as they are shown, and the right answers.</summary>
    /// <param name="images">[B, 3, S, S].</param> <param name="labels">int64 [B].</param>
    internal abstract (Tensor Images, Tensor Answers) Ask(Tensor images, Tensor labels);

    /// <summary>The dataset's labels.</summary>
    private sealed record Labels(int Classes) : FeatureTask(Classes, "labels")
    {
        internal override bool AreClasses => true;

        internal override (Tensor Images, Tensor Answers) Ask(Tensor images, Tensor labels) => (images, labels);
    }

    /// <summary>By how many quarters an image was turned (Gidaris et al., 2018): a dataset of one class has no labels to learn.</summary>
    private sealed record Turns() : FeatureTask(Quarters, "quarter turns")
    {
        private const int Quarters = 4;

        internal override bool AreClasses => false;

        internal override (Tensor Images, Tensor Answers) Ask(Tensor images, Tensor labels)
        {
            var parts = images.tensor_split(Quarters);
            var turned = parts.Select((part, turns) => part.rot90(turns, (2, 3))).ToList();
            var answers = parts.Select((part, turns) => full(part.shape[0], (long)turns, dtype: ScalarType.Int64, device: part.device)).ToList();
            return (cat(turned), cat(answers));
        }
    }
}
