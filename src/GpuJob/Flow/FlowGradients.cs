using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>The gradient in the anchors, summed up over rows and steps.</summary>
internal sealed class FlowGradients(Tensor anchors)
{
    private readonly Tensor _products = zeros_like(anchors);            // [N, d]
    private readonly Tensor _shares = zeros(anchors.shape[0], dtype: anchors.dtype, device: anchors.device);      // [N]; each draws its anchor's gradient along the anchor itself

    internal void AddProduct(Tensor left, Tensor right) => _products.addmm_(left.t(), right);

    internal void AddShares(Tensor shares, double factor) => _shares.add_(shares, factor);

    internal void AddRows(Tensor own, Tensor rows) => _products.index_add_(0, own, rows, 1);

    internal Tensor Sum() => _products.addcmul_(_shares.unsqueeze(1), anchors, -1);
}
