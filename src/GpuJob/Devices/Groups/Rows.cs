using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>How a batch is shared among the ranks: rank r has the rows r, r + size, r + 2 size, ...</summary>
internal static class Rows
{
    /// <summary>Own rows of what belongs to the whole batch.</summary>
    /// <param name="whole">[B, ...]; B is a multiple of the group's size.</param>
    /// <returns>[B / size, ...].</returns>
    internal static Tensor Own(this IDeviceGroup group, Tensor whole) =>
        group.Size == 1 ? whole : whole.slice(0, group.Rank, whole.shape[0], group.Size).contiguous();

    /// <summary>Where own rows stand among gathered ones, int64 [count].</summary>
    internal static Tensor Indexes(this IDeviceGroup group, long count, Device? device = null) =>
        arange(group.Rank * count, (group.Rank + 1) * count, dtype: ScalarType.Int64, device: device);

    /// <summary>Adds up the ranks' tensors and waits for the sum.</summary>
    internal static Tensor SumNow(this IDeviceGroup group, Tensor tensor)
    {
        group.Sum(tensor).Wait();
        return tensor;
    }
}
