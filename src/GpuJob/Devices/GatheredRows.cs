using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices;

/// <summary>Gathers rows of all ranks so that gradients find the way back: what every rank's loss says of a row arrives at the rank it came from.</summary>
internal sealed class GatheredRows : autograd.SingleTensorFunction<GatheredRows>
{
    private const string GroupKey = "group";

    public override string Name => nameof(GatheredRows);

    /// <param name="own">[n, ...], the same shape on every rank.</param>
    /// <returns>[size n, ...], by rank; <see cref="Rows.Indexes"/> says where own rows stand.</returns>
    internal static Tensor Of(Tensor own, IDeviceGroup group) => group.Size == 1 ? own : apply(own, group);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var group = (IDeviceGroup)vars[1];
        ctx.save_data(GroupKey, group);
        return group.Gather(((Tensor)vars[0]).contiguous());
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var group = (IDeviceGroup)ctx.get_data(GroupKey)!;      // forward saved it
        var sum = group.SumNow(grad_output.clone().contiguous());
        var count = sum.shape[0] / group.Size;
        return [sum.narrow(0, group.Rank * count, count), null!];     // the group has no gradient
    }
}
