using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>Adam (Kingma and Ba, 2015) with gradient clipping, a learning rate for each parameter, and a state that is plain named tensors, so that it is stored beside the weights.</summary>
internal sealed class Adam : IDisposable
{
    internal const string Prefix = "adam.";

    internal const double Beta1 = 0.9;
    internal const double Beta2 = 0.999;
    internal const double Epsilon = 1e-8;
    private readonly List<Slot> _slots;

    /// <param name="parameters">Of a model, by their names in its state dictionary.</param>
    internal Adam(IReadOnlyCollection<(string Name, Parameter Parameter)> parameters)
    {
        Steps = new PartCounts(parameters.Select(each => each.Name));
        _slots = [.. parameters.Select(each => new Slot(each.Name, each.Parameter, zeros_like(each.Parameter).DetachFromDisposeScope(), zeros_like(each.Parameter).DetachFromDisposeScope()))];
    }

    /// <summary>Steps taken.</summary>
    internal PartCounts Steps { get; }

    /// <summary>First and second moments, by name.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Named() =>
        _slots.SelectMany(slot => new[] { KeyValuePair.Create(MeanOf(slot.Name), slot.Mean), KeyValuePair.Create(SquareOf(slot.Name), slot.Square) });

    /// <summary>What the first moment of a parameter is called in a file.</summary>
    internal static string MeanOf(string parameter) => $"{Prefix}{parameter}.mean";

    /// <summary>What the second moment of a parameter is called in a file.</summary>
    internal static string SquareOf(string parameter) => $"{Prefix}{parameter}.square";

    internal void ZeroGradients()
    {
        foreach (var slot in _slots)
            slot.Parameter.grad?.zero_();
    }

    /// <summary>Moves every parameter that has a gradient and a learning rate above 0, unless a gradient is not finite.</summary>
    /// <param name="learningRate">By the parameter's name.</param>
    /// <param name="clipNorm">All gradients are scaled down together so that their norm is at most this.</param>
    /// <param name="lossScale">What the loss was multiplied by; the gradients are divided by it.</param>
    /// <returns>Norm of the gradients before that; not finite when nothing was moved.</returns>
    internal double Step(Func<string, double> learningRate, double clipNorm, double lossScale = 1)
    {
        using var frozen = no_grad();
        var moved = _slots.Select(slot => (Slot: slot, Rate: learningRate(slot.Name))).Where(each => each.Rate > 0 && each.Slot.Parameter.grad is not null).ToList();
        var norm = stack(moved.Select(each => each.Slot.Parameter.grad!.square().sum())).sum().sqrt().item<float>() / lossScale;      // those without one were left out
        if (!double.IsFinite(norm))
            return norm;
        Steps.Add(moved.Select(each => each.Slot.Name));
        var scale = Math.Min(1, clipNorm / (norm + 1e-6)) / lossScale;
        foreach (var (slot, rate) in moved)
        {
            using var scope = NewDisposeScope();
            var steps = Steps.Of(slot.Name);
            var (correction1, correction2) = (1 - Math.Pow(Beta1, steps), Math.Sqrt(1 - Math.Pow(Beta2, steps)));
            var clipped = slot.Parameter.grad! * scale;
            slot.Mean.mul_(Beta1).add_(clipped, alpha: 1 - Beta1);
            slot.Square.mul_(Beta2).addcmul_(clipped, clipped, value: 1 - Beta2);
            slot.Parameter.addcdiv_(slot.Mean, (slot.Square.sqrt() / correction2).add_(Epsilon), value: -rate / correction1);
        }

        return norm;
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private sealed record Slot(string Name, Parameter Parameter, Tensor Mean, Tensor Square);
}
