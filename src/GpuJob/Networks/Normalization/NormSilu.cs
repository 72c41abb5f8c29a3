using System.Numerics;
using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Group normalisation and SiLU with what stands around them in the networks: a shift of each channel before, dropout behind.</summary>
/// <remarks>
/// On the way of a gradient through the CPU, in float32, this is one pass over memory, which is what bounds it there; a norm alone or with a ReLU has too
/// little to save. Otherwise libtorch's own operators do it: on other devices they are as fast, and without gradients their rounding is that of the published
/// samplers, which an adaptive step length magnifies.
/// </remarks>
internal static class NormSilu
{
    /// <param name="x">[B, C, H, W]; with a shift it must be fresh, and may be overwritten.</param> <param name="shift">[B, C], or null.</param>
    /// <param name="dropout">What becomes 0; the other elements grow in turn.</param>
    /// <returns>A new tensor like <paramref name="x"/>.</returns>
    internal static Tensor Forward(GroupNorm norm, Tensor x, Tensor? shift = null, DropoutMask dropout = default)
    {
        if (!IsFused(x))
            return Separate(norm, x, shift, dropout);
        var settings = new GroupNormSettings((int)norm.num_groups, norm.eps, dropout);
        return NormSiluFunction.Run(x.contiguous(), shift?.contiguous(), norm.weight, norm.bias!, settings);        // the layers' norms are affine
    }

    private static bool IsFused(Tensor x) =>
        is_grad_enabled() && x.is_cpu() && x.dtype == ScalarType.Float32 && x.numel() <= int.MaxValue / sizeof(float);

    private static Tensor Separate(GroupNorm norm, Tensor x, Tensor? shift, DropoutMask dropout)
    {
        using var scope = NewDisposeScope();
        var y = norm.Normalize(shift is null ? x : x.add_(shift.unsqueeze(2).unsqueeze(3))).silu();
        return (dropout.Drops ? dropout.Apply(y) : y).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Shift, group normalisation, SiLU and dropout in one pass over memory. For the backward pass it keeps the input alone, and computes SiLU and the mask again.
/// </summary>
/// <remarks>
/// A group is computed by one thread, so the result does not depend on their number.
/// </remarks>
internal sealed class NormSiluFunction : OwnGradient<NormSiluFunction, GroupNormSettings>
{
    /// <param name="x">Float32 [B, C, ...], contiguous on the CPU.</param> <param name="shift">[B, C], or null.</param>
    /// <param name="weight">[C].</param> <param name="bias">[C].</param>
    /// <returns>Like <paramref name="x"/>.</returns>
    internal static Tensor Run(Tensor x, Tensor? shift, Tensor weight, Tensor bias, GroupNormSettings settings) => Apply(settings, x, shift, weight, bias)[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(GroupNormSettings state, Tensor?[] inputs)
    {
        var (x, shift, weight, bias) = (inputs[0]!, inputs[1], inputs[2]!, inputs[3]!);         // Run gives them
        var y = empty_like(x);
        var moments = empty(x.shape[0], state.Groups, 2);                    // mean, 1 / deviation
        var layout = new GroupLayout(x.shape, state.Groups, state.Mask.FirstRow);
        HostThreads.Share(layout.Count, x.numel(), (from, to) =>
        {
            var input = Floats(x);
            var output = Floats(y);
            var statistics = Floats(moments);
            var channels = new ChannelParameters(Floats(weight), Floats(bias), Floats(shift));
            for (var index = from; index < to; index++)
            {
                var group = channels.Group(layout, index, state.Mask);
                (statistics[2 * index], statistics[2 * index + 1]) = group.Forward(layout.Elements(input, index), layout.Elements(output, index), state.Eps);
            }
        });

        return ([y], [x, shift, weight, bias, moments]);
    }

    protected override Tensor?[] Backward(GroupNormSettings state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        var (x, shift, weight, bias, moments) = (kept[0]!, kept[1], kept[2]!, kept[3]!, kept[4]!);      // as Forward kept them
        var gradient = gradients[0]!.contiguous();              // there is one, as there is one output
        var byX = empty_like(x);
        long[] channelsOfImages = [x.shape[0], x.shape[1]];
        var (byWeight, byBias, byShift) = (empty(channelsOfImages), empty(channelsOfImages), shift is null ? null : empty(channelsOfImages));
        var layout = new GroupLayout(x.shape, state.Groups, state.Mask.FirstRow);
        HostThreads.Share(layout.Count, x.numel(), (from, to) =>
        {
            var input = Floats(x);
            var given = Floats(gradient);
            var statistics = Floats(moments);
            var output = new GroupGradients(Floats(byX), Floats(byWeight), Floats(byBias), Floats(byShift));
            var channels = new ChannelParameters(Floats(weight), Floats(bias), Floats(shift));
            for (var index = from; index < to; index++)
            {
                var group = channels.Group(layout, index, state.Mask);
                group.Backward(
                    layout.Elements(input, index), layout.Elements(given, index), statistics[2 * index], statistics[2 * index + 1], output.Of(layout, index));
            }
        });

        return [byX, byShift, byWeight.sum([0L]), byBias.sum([0L])];
    }

    private static Span<float> Floats(Tensor? tensor) => tensor is null ? default : MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

/// <summary>x times the logistic function of x, of several numbers at once.</summary>
internal static class Silu
{
    internal static Vector<float> Value(Vector<float> x) => x / (Vector<float>.One + Vector.Exp(-x));

    /// <summary>The derivative.</summary>
    internal static Vector<float> Slope(Vector<float> x)
    {
        var logistic = Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
        return logistic * (Vector<float>.One + x * (Vector<float>.One - logistic));
    }
}

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

/// <summary>Gradients of a normalisation, those by weight and bias still apart for each image.</summary>
/// <param name="shift">Empty where nothing was added before.</param>
internal readonly ref struct GroupGradients(Span<float> x, Span<float> weight, Span<float> bias, Span<float> shift)
{
    internal readonly Span<float> X = x;

    internal readonly Span<float> Weight = weight;

    internal readonly Span<float> Bias = bias;

    internal readonly Span<float> Shift = shift;

    /// <summary>A group's part.</summary>
    internal GroupGradients Of(GroupLayout layout, int group) => new(
        layout.Elements(X, group), layout.Channels(Weight, group), layout.Channels(Bias, group), Shift.IsEmpty ? default : layout.Channels(Shift, group));
}

/// <summary>What a normalisation knows of each channel.</summary>
/// <param name="shift">Added before, for each image; empty for none.</param>
internal readonly ref struct ChannelParameters(Span<float> weight, Span<float> bias, Span<float> shift)
{
    internal readonly Span<float> Weight = weight;

    internal readonly Span<float> Bias = bias;

    internal readonly Span<float> Shift = shift;

    /// <summary>A group with its part of these parameters of all channels.</summary>
    internal FeatureGroup Group(GroupLayout layout, int group, DropoutMask mask) => new(
        new ChannelParameters(layout.ChannelsOfAll(Weight, group), layout.ChannelsOfAll(Bias, group), Shift.IsEmpty ? default : layout.Channels(Shift, group)),
        mask,
        layout.Start(group));
}

/// <summary>What a normalisation needs beside tensors.</summary>
internal sealed record GroupNormSettings(int Groups, double Eps, DropoutMask Mask);
