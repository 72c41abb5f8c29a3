using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>Some rows of a batch that go through all steps together.</summary>
internal sealed record RowBlock(long First, long Count)
{
    /// <summary>These rows of a tensor [M, ...].</summary>
    internal Tensor Of(Tensor all) => all.narrow(0, First, Count);

    /// <summary>These rows of every part of a tensor [parts, M, ...].</summary>
    [return: NotNullIfNotNull(nameof(parts))]
    internal Tensor[]? OfEach(Tensor? parts) => parts?.narrow(1, First, Count).unbind();
}
