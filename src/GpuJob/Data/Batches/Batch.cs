using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>What one iteration learns from.</summary>
/// <param name="Views">One variation of the images, or several of the same images; each float32 [B, 3, S, S] in [-1, 1].</param>
/// <param name="Labels">int64 [B].</param>
/// <remarks>The tensors belong to the dispose scope of whoever asked for the batch.</remarks>
internal sealed record Batch(Tensor[] Views, Tensor Labels);
