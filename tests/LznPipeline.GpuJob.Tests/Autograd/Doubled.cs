using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Autograd;

/// <summary>Twice and three times a tensor; what happens on the way back is the test's.</summary>
internal sealed class Doubled : OwnGradient<Doubled, Func<Tensor?[], Tensor, Tensor?[]>>
{
    /// <param name="back">Gets the gradients in both outputs, and the input; returns those of the inputs.</param>
    internal static (Tensor Twice, Tensor Thrice) Of(Tensor input, Func<Tensor?[], Tensor, Tensor?[]> back)
    {
        var outputs = Apply(back, input);
        return (outputs[0], outputs[1]);
    }

    /// <summary>The true gradient.</summary>
    internal static Tensor?[] Back(Tensor?[] gradients, Tensor input) =>
        [zeros_like(input) + (gradients[0] is { } twice ? twice * 2 : 0) + (gradients[1] is { } thrice ? thrice * 3 : 0)];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(Func<Tensor?[], Tensor, Tensor?[]> state, Tensor?[] inputs) =>
        ([inputs[0]! * 2, inputs[0]! * 3], inputs);

    protected override Tensor?[] Backward(Func<Tensor?[], Tensor, Tensor?[]> state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept) =>
        state(gradients, kept[0]!);
}
