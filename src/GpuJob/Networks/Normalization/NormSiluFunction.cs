using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Shift, group normalisation, SiLU and dropout in one pass over memory. For the way back it keeps the input alone, and computes SiLU and the mask again.</summary>
/// <remarks>
/// A group is computed by one thread, so the result does not depend on their number.
/// </remarks>
internal sealed class NormSiluFunction : OwnGradient<NormSiluFunction, GroupNormSettings>
{
    /// <param name="x">Float32 [B, C, ...], contiguous on the CPU.</param> <param name="shift">[B, C], or null.</param> <param name="weight">[C].</param> <param name="bias">[C].</param>
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
                group.Backward(layout.Elements(input, index), layout.Elements(given, index), statistics[2 * index], statistics[2 * index + 1], output.Of(layout, index));
            }
        });

        return [byX, byShift, byWeight.sum([0L]), byBias.sum([0L])];
    }

    private static Span<float> Floats(Tensor? tensor) => tensor is null ? default : MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
