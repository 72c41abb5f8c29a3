using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Gradients;

/// <summary>Leaves a tensor as it is, and tells when backward comes by: everything computed after this place has its gradient then.</summary>
/// <remarks>Backward takes the operations of a graph in the reverse of the order in which they were recorded, and adds to a parameter's gradient before anything else.</remarks>
internal sealed class BucketMark : autograd.SingleTensorFunction<BucketMark>
{
    private const string ReachedKey = "reached";

    public override string Name => nameof(BucketMark);

    internal static Tensor On(Tensor input, Action reached) => apply(input, reached);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(ReachedKey, vars[1]);
        return ((Tensor)vars[0]).detach();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ((Action)ctx.get_data(ReachedKey)!)();      // forward saved it
        return [grad_output, null!];                // the action has no gradient
    }
}
