using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>Changes of resolution without weights.</summary>
internal static class Pixels
{
    /// <summary>Folds each 2 x 2 square into channels: [B, C, H, W] to [B, 4 C, H/2, W/2].</summary>
    internal static Tensor Fold(Tensor x)
    {
        var (b, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.view(b, c, h / 2, 2, w / 2, 2).permute(0, 1, 3, 5, 2, 4).reshape(b, c * 4, h / 2, w / 2);
    }

    /// <summary>The inverse of <see cref="Fold"/>: [B, 4 C, H, W] to [B, C, 2 H, 2 W].</summary>
    internal static Tensor Unfold(Tensor x)
    {
        var (b, c, h, w) = (x.shape[0], x.shape[1] / 4, x.shape[2], x.shape[3]);
        return x.view(b, c, 2, 2, h, w).permute(0, 1, 4, 2, 5, 3).reshape(b, c, h * 2, w * 2);
    }

    /// <summary>Repeats each pixel in a 2 x 2 square: [B, C, H, W] to [B, C, 2 H, 2 W].</summary>
    internal static Tensor Double(Tensor x)
    {
        var (b, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.view(b, c, h, 1, w, 1).expand(b, c, h, 2, w, 2).reshape(b, c, h * 2, w * 2);
    }
}
