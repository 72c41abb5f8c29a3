namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>What a normalisation knows of each channel.</summary>
/// <param name="shift">Added before, for each image; empty for none.</param>
internal readonly ref struct ChannelParameters(Span<float> weight, Span<float> bias, Span<float> shift)
{
    internal readonly Span<float> Weight = weight;

    internal readonly Span<float> Bias = bias;

    internal readonly Span<float> Shift = shift;

    /// <summary>A group with its part of these parameters of all channels.</summary>
    internal FeatureGroup Group(GroupLayout layout, int group, DropoutMask mask) =>
        new(new ChannelParameters(layout.ChannelsOfAll(Weight, group), layout.ChannelsOfAll(Bias, group), Shift.IsEmpty ? default : layout.Channels(Shift, group)), mask, layout.Start(group));
}
