using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>Gathers rows of all ranks so that gradients find the way back: what every rank's loss says of a row arrives at the rank it came from.</summary>
internal sealed class GatheredRows : OwnGradient<GatheredRows, IDeviceGroup>
{
    /// <param name="own">[n, ...], the same shape on every rank.</param>
    /// <returns>[size n, ...], by rank; <see cref="Rows.Indexes"/> says where own rows stand.</returns>
    internal static Tensor Of(Tensor own, IDeviceGroup group) => group.Size == 1 ? own : Apply(group, own)[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(IDeviceGroup state, Tensor?[] inputs) =>
        ([state.Gather(inputs[0]!.contiguous())], []);          // Of gives it

    protected override Tensor?[] Backward(IDeviceGroup state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        var sum = state.SumNow(gradients[0]!.clone().contiguous());         // there is one, as there is one output
        var count = sum.shape[0] / state.Size;
        return [sum.narrow(0, state.Rank * count, count)];
    }
}
