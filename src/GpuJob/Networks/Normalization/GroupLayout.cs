namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Where the groups of a contiguous [B, C, ...] lie, numbered image by image.</summary>
internal sealed class GroupLayout
{
    private readonly int _groups;
    private readonly long _before;                                              // groups of the batch before the first
    private readonly int _channels;                                             // of one group
    private readonly int _elements;

    /// <param name="firstRow">Number of the first image in its batch.</param>
    internal GroupLayout(long[] shape, int groups, long firstRow)
    {
        (_groups, _before) = (groups, firstRow * groups);
        _channels = (int)shape[1] / groups;
        _elements = _channels * (int)shape.Skip(2).Aggregate(1L, (product, extent) => product * extent);
        Count = (int)shape[0] * groups;
    }

    internal int Count { get; }

    /// <summary>Number of a group's first element in the batch, modulo 2^32.</summary>
    internal uint Start(int group) => (uint)((_before + group) * _elements);

    internal Span<float> Elements(Span<float> tensor, int group) => tensor.Slice(group * _elements, _elements);

    /// <summary>A group's part of [B, C].</summary>
    internal Span<float> Channels(Span<float> tensor, int group) => tensor.Slice(group * _channels, _channels);

    /// <summary>A group's part of [C].</summary>
    internal Span<float> ChannelsOfAll(Span<float> tensor, int group) => tensor.Slice(group % _groups * _channels, _channels);
}
