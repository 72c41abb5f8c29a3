using Lzn.Torch.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Pads the last dimensions; pad holds pairs (before, behind), last dimension first.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                return mode switch
                {
                    PaddingModes.Zeros => Aten.constant_pad_nd.Call(input, pad, 0.0),
                    PaddingModes.Constant => Aten.constant_pad_nd.Call(input, pad, value),
                    PaddingModes.Reflect => Padded("reflect"),
                    PaddingModes.Replicate => Padded("replicate"),
                    PaddingModes.Circular => Padded("circular"),
                    _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "This padding mode is unknown."),
                };

                Tensor Padded(string name) => Aten.pad.Call(input, pad, name);
            }

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad, pad], mode, value);

            /// <summary>Samples [N, C, H, W] at the places of grid [N, H', W', 2], coordinates in [-1, 1], x before y.</summary>
            public static Tensor grid_sample(
                Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros,
                bool? align_corners = null)
            {
                var interpolation = mode == GridSampleMode.Nearest ? 1 : 0; // numbered as in ATen: bilinear 0, nearest 1
                var border = padding_mode switch { GridSamplePaddingMode.Border => 1, GridSamplePaddingMode.Reflection => 2, _ => 0 };
                return Aten.grid_sampler.Call(input, grid, interpolation, border, align_corners ?? false);
            }

            /// <summary>The grid for <see cref="grid_sample"/> of affine maps theta [N, 2, 3] and an output of the given size [N, C, H, W].</summary>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                Aten.affine_grid_generator.Call(theta, size ?? throw new ArgumentNullException(nameof(size)), align_corners);

            /// <summary>Resizes the spatial dimensions of [N, C, ...] to size, or by scale_factor.</summary>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
                bool recompute_scale_factor = false, bool antialias = false)
            {
                if (size is null == scale_factor is null) throw new ArgumentException($"Give either {nameof(size)} or {nameof(scale_factor)}.", nameof(size));
                var spatial = x.shape[2..];
                var corners = align_corners ?? false;
                if (size is null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    size = [.. spatial.Zip(Each(scale_factor!, spatial.Length), (length, factor) => (long)Math.Floor(length * factor))]; // given, as size is not
                    scale_factor = null;
                }

                size = size is null ? null : Each(size, spatial.Length);
                scale_factor = scale_factor is null ? null : Each(scale_factor, spatial.Length);
                return (mode, spatial.Length) switch
                {
                    (InterpolationMode.Nearest, 1) => Aten.upsample_nearest1d_vec.Call(x, size, scale_factor),
                    (InterpolationMode.Nearest, 2) => Aten.upsample_nearest2d_vec.Call(x, size, scale_factor),
                    (InterpolationMode.Nearest, 3) => Aten.upsample_nearest3d_vec.Call(x, size, scale_factor),
                    (InterpolationMode.NearestExact, 2) => Aten._upsample_nearest_exact2d_vec.Call(x, size, scale_factor),
                    (InterpolationMode.Area, 2) => Aten.adaptive_avg_pool2d.Call(x, size),
                    (InterpolationMode.Linear, 1) => Aten.upsample_linear1d_vec.Call(x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) when antialias => Aten._upsample_bilinear2d_aa_vec.Call(x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) => Aten.upsample_bilinear2d_vec.Call(x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) when antialias => Aten._upsample_bicubic2d_aa_vec.Call(x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) => Aten.upsample_bicubic2d_vec.Call(x, size, corners, scale_factor),
                    (InterpolationMode.Trilinear, 3) => Aten.upsample_trilinear3d_vec.Call(x, size, corners, scale_factor),
                    _ => throw new ArgumentException($"{mode} interpolation does not fit {spatial.Length} spatial dimensions.", nameof(mode)),
                };
            }

            private static T[] Each<T>(T[] values, int count) => values.Length == 1 ? [.. Enumerable.Repeat(values[0], count)] : values;
        }
    }
}
