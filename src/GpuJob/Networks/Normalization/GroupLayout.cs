namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Where the groups of a contiguous [B, C, ...] lie, numbered image by image.</summary>
internal sealed class GroupLayout
{
    private readonly int _groups;
    private readonly int _channels;                                             // of one group
    private readonly int _elements;

    internal GroupLayout(long[] shape, int groups)
    {
        _groups = groups;
        _channels = (int)shape[1] / groups;
        _elements = _channels * (int)shape.Skip(2).Aggregate(1L, (product, extent) => product * extent);
        Count = (int)shape[0] * groups;
    }

    internal int Count { get; }

    /// <summary>Number of a group's first element.</summary>
    internal uint Start(int group) => (uint)group * (uint)_elements;

    internal Span<float> Elements(Span<float> tensor, int group) => tensor.Slice(group * _elements, _elements);

    /// <summary>A group's part of [B, C].</summary>
    internal Span<float> Channels(Span<float> tensor, int group) => tensor.Slice(group * _channels, _channels);

    /// <summary>A group's part of [C].</summary>
    internal Span<float> ChannelsOfAll(Span<float> tensor, int group) => tensor.Slice(group % _groups * _channels, _channels);
}
