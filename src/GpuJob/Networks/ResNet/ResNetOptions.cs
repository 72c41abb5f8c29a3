using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>The form of a GroupNorm ResNet with a projection head.</summary>
internal sealed record ResNetOptions
{
    private static readonly Dictionary<int, int[]> BlocksOfDepth = new()
    {
        [50] = [3, 4, 6, 3],
        [101] = [3, 4, 23, 3],
        [152] = [3, 8, 36, 3],
        [200] = [3, 24, 36, 3],
    };

    /// <summary>Number of layers: 50, 101, 152 or 200.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>With selective kernels, the width of their mixing layer over their outputs', 0.0625 in the published networks; 0 for a network without them.</summary>
    public double SkRatio { get; init; }

    /// <summary>Length of the head's result, a multiple of 32.</summary>
    public int HeadOutDim { get; init; } = 256;

    /// <summary>Linear layers of the head.</summary>
    public int HeadNumLayers { get; init; } = 2;

    internal bool SelectiveKernels => SkRatio > 0;

    /// <summary>Blocks of the four stages.</summary>
    internal IReadOnlyList<int> Blocks => BlocksOfDepth[Depth];

    /// <exception cref="OptionsException">Lists every field with a value that is not allowed.</exception>
    internal void Validate()
    {
        var problems = new Problems();
        problems.Unless(BlocksOfDepth.ContainsKey(Depth), "depth", Depth, string.Join(", ", BlocksOfDepth.Keys));
        problems.Unless(SkRatio is >= 0 and <= 1, "sk_ratio", SkRatio, "0 (none) to 1");
        // Normalised over 32 groups, as every layer is; wide stages of large ratios may have another width than the smallest, 32.
        problems.Unless(SkRatio is < 0 or > 1 || ResNetLayers.Widths.All(width => SelectiveKernel.Middle(width, SkRatio) % ResNetLayers.Groups == 0),
            "sk_ratio", SkRatio, "such that ratio times 64, 128, 256 and 512 are multiples of 32 or below it, such as 0.0625");
        problems.Unless(HeadOutDim is >= ResNetLayers.Groups and <= 65536 && HeadOutDim % ResNetLayers.Groups == 0, "head_out_dim", HeadOutDim, "multiples of 32 up to 65536");
        problems.Unless(HeadNumLayers is >= 1 and <= 16, "head_num_layers", HeadNumLayers, "1 to 16");
        problems.ThrowIfAny();
    }
}
