namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Gradients of a normalisation, those by weight and bias still apart for each image.</summary>
/// <param name="shift">Empty where nothing was added before.</param>
internal readonly ref struct GroupGradients(Span<float> x, Span<float> weight, Span<float> bias, Span<float> shift)
{
    internal readonly Span<float> X = x;

    internal readonly Span<float> Weight = weight;

    internal readonly Span<float> Bias = bias;

    internal readonly Span<float> Shift = shift;

    /// <summary>A group's part.</summary>
    internal GroupGradients Of(GroupLayout layout, int group) => new(
        layout.Elements(X, group), layout.Channels(Weight, group), layout.Channels(Bias, group), Shift.IsEmpty ? default : layout.Channels(Shift, group));
}
