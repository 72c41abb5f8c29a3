using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Gradients;

/// <summary>Leaves a tensor as it is, and tells when backward comes by: everything computed after this place has its gradient then.</summary>
/// <remarks>Backward takes the operations of a graph in the reverse of the order in which they were recorded, and adds to a parameter's gradient before anything else.</remarks>
internal sealed class BucketMark : OwnGradient<BucketMark, Action>
{
    internal static Tensor On(Tensor input, Action reached) => Apply(reached, input)[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(Action state, Tensor?[] inputs) => ([inputs[0]!.detach()], []);        // On gives it

    protected override Tensor?[] Backward(Action state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        state();
        return gradients;
    }
}
