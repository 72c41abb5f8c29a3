using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>Refuses tensors that do not fit together, before a native error names neither them nor the reason.</summary>
internal static class FlowArguments
{
    /// <param name="rows">Prior draws or latents, and what the caller calls them.</param>
    /// <param name="index">Own anchors or targets.</param>
    internal static void Check(Tensor anchors, (string Name, Tensor Value) rows, (string Name, Tensor Value) index, Tensor? weights)
    {
        Require(
            anchors.dim() == 2 && anchors.numel() > 0 && anchors.dtype is ScalarType.Float32 or ScalarType.Float64,
            nameof(anchors), anchors, "float32 or float64 [N, d], at least one");
        var d = anchors.shape[1];
        Require(
            rows.Value.dim() == 2 && rows.Value.shape[1] == d && rows.Value.dtype == anchors.dtype && IsBeside(rows.Value, anchors),
            rows.Name, rows.Value, $"[M, {d}] of the anchors' type on their device, {Text(anchors)}");
        var m = rows.Value.shape[0];
        Require(
            index.Value.dim() == 1 && index.Value.shape[0] == m && index.Value.dtype == ScalarType.Int64 && IsBeside(index.Value, anchors),
            index.Name, index.Value, $"int64 [{m}], a number for each row of '{rows.Name}', on the anchors' device, {Text(anchors)}");
        if (weights is not null)
        {
            Require(
                weights.dim() == 1 && weights.shape[0] == anchors.shape[0] && weights.is_floating_point() && IsBeside(weights, anchors),
                nameof(weights), weights, $"floating point [{anchors.shape[0]}], a weight for each anchor, on their device, {Text(anchors)}");
        }

        if (anchors.device_type == DeviceType.CPU)          // elsewhere it would wait for the device
            CheckValues(anchors.shape[0], index, weights);
    }

    private static void CheckValues(long anchors, (string Name, Tensor Value) index, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        if (index.Value.numel() > 0)
        {
            var (least, greatest) = (index.Value.min().item<long>(), index.Value.max().item<long>());
            if (least < 0 || greatest >= anchors)
                throw new ArgumentException($"'{index.Name}' has numbers from {least} to {greatest}. Needed: from 0 to {anchors - 1}, as there are {anchors} anchors.", index.Name);
        }

        if (weights is not null)
        {
            var exact = weights.to_type(ScalarType.Float64);
            var (least, greatest) = (exact.min().item<double>(), exact.max().item<double>());
            if (!(least >= 0 && greatest > 0 && double.IsFinite(greatest)))         // a NaN is the least and the greatest
                throw new ArgumentException($"'{nameof(weights)}' has numbers from {least} to {greatest}. Needed: finite numbers, none negative, not all zero.", nameof(weights));
        }
    }

    private static bool IsBeside(Tensor tensor, Tensor other) => (tensor.device_type, tensor.device_index) == (other.device_type, other.device_index);

    private static void Require(bool holds, string name, Tensor given, string needed)
    {
        if (!holds)
            throw new ArgumentException($"'{name}' is {Text(given)}. Needed: {needed}.", name);
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", tensor.shape)}] on {tensor.device}";
}
