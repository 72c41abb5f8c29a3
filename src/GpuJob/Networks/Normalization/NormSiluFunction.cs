using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Shift, group normalisation, SiLU and dropout in one pass over memory. For the way back it keeps the input alone, and computes SiLU and the mask again.</summary>
/// <remarks>
/// Arguments: x, float32 [B, C, ...], contiguous on the CPU; shift [B, C] or null; weight [C]; bias [C]; a <see cref="GroupNormSettings"/>. A group is computed by one thread, so the
/// result does not depend on their number.
/// </remarks>
internal sealed class NormSiluFunction : SingleTensorFunction<NormSiluFunction>
{
    private const string Settings = "settings";

    public override string Name => nameof(NormSilu);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, shift, weight, bias, settings) = ((Tensor)vars[0], vars[1] as Tensor, (Tensor)vars[2], (Tensor)vars[3], (GroupNormSettings)vars[4]);
        var y = empty_like(x);
        var moments = empty(x.shape[0], settings.Groups, 2);                    // mean, 1 / deviation
        var layout = new GroupLayout(x.shape, settings.Groups, settings.Mask.FirstRow);
        HostThreads.Share(layout.Count, x.numel(), (from, to) =>
        {
            var input = Floats(x);
            var output = Floats(y);
            var statistics = Floats(moments);
            var channels = new ChannelParameters(Floats(weight), Floats(bias), Floats(shift));
            for (var index = from; index < to; index++)
            {
                var group = channels.Group(layout, index, settings.Mask);
                (statistics[2 * index], statistics[2 * index + 1]) = group.Forward(layout.Elements(input, index), layout.Elements(output, index), settings.Eps);
            }
        });

        ctx.save_data(Settings, settings);
        ctx.save_for_backward(shift is null ? [x, moments, weight, bias] : [x, moments, weight, bias, shift]);
        return y;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var settings = (GroupNormSettings)ctx.get_data(Settings)!;              // forward left it
        var saved = ctx.get_saved_variables();
        var (x, moments, weight, bias, shift) = (saved[0], saved[1], saved[2], saved[3], saved.ElementAtOrDefault(4));
        var gradient = grad_output.contiguous();
        var byX = empty_like(x);
        long[] channelsOfImages = [x.shape[0], x.shape[1]];
        var (byWeight, byBias, byShift) = (empty(channelsOfImages), empty(channelsOfImages), shift is null ? null : empty(channelsOfImages));
        var layout = new GroupLayout(x.shape, settings.Groups, settings.Mask.FirstRow);
        HostThreads.Share(layout.Count, x.numel(), (from, to) =>
        {
            var input = Floats(x);
            var given = Floats(gradient);
            var statistics = Floats(moments);
            var output = new GroupGradients(Floats(byX), Floats(byWeight), Floats(byBias), Floats(byShift));
            var channels = new ChannelParameters(Floats(weight), Floats(bias), Floats(shift));
            for (var index = from; index < to; index++)
            {
                var group = channels.Group(layout, index, settings.Mask);
                group.Backward(layout.Elements(input, index), layout.Elements(given, index), statistics[2 * index], statistics[2 * index + 1], output.Of(layout, index));
            }
        });

        return [byX, byShift!, byWeight.sum([0L]), byBias.sum([0L]), null!];          // null for what has no gradient, though the signature does not tell
    }

    private static Span<float> Floats(Tensor? tensor) => tensor is null ? default : MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
