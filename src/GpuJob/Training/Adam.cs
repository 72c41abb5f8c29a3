using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>Adam (Kingma and Ba, 2015) with gradient clipping, one learning rate a group, and a state that is plain named tensors, so that it is stored beside the weights.</summary>
internal sealed class Adam : IDisposable
{
    internal const string Prefix = "adam.";

    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly List<Slot> _slots;

    /// <param name="parameters">Each with a name unique among all.</param>
    internal Adam(IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        _slots = [.. parameters.Select(each => new Slot(each.Name, each.Parameter, zeros_like(each.Parameter).DetachFromDisposeScope(), zeros_like(each.Parameter).DetachFromDisposeScope()))];

    /// <summary>Steps taken with finite gradients.</summary>
    internal long Steps { get; set; }

    /// <summary>First and second moments, by name.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Named() =>
        _slots.SelectMany(slot => new[] { KeyValuePair.Create($"{Prefix}{slot.Name}.mean", slot.Mean), KeyValuePair.Create($"{Prefix}{slot.Name}.square", slot.Square) });

    internal void ZeroGradients()
    {
        foreach (var slot in _slots)
            slot.Parameter.grad?.zero_();
    }

    /// <summary>Moves every parameter that has a gradient and a learning rate above 0.</summary>
    /// <param name="learningRate">By the parameter's name.</param>
    /// <param name="clipNorm">
    /// The gradients of a network, all whose names begin alike up to the first dot, are scaled down together so that their norm is at most this. Each network has its own norm:
    /// the encoder's grows without bound where zones meet, and must not silence the decoder.
    /// </param>
    internal void Step(Func<string, double> learningRate, double clipNorm)
    {
        using var frozen = no_grad();
        Steps++;
        foreach (var network in _slots.Where(slot => slot.Parameter.grad is not null && learningRate(slot.Name) > 0).GroupBy(slot => slot.Name.Split('.')[0], StringComparer.Ordinal))
            Step([.. network], learningRate, clipNorm);
    }

    private void Step(List<Slot> network, Func<string, double> learningRate, double clipNorm)
    {
        var gradients = network.Select(slot => slot.Parameter.grad!).ToList();       // those without one were left out
        var scale = (clipNorm / (stack(gradients.Select(gradient => gradient.square().sum())).sum().sqrt() + 1e-6)).clamp_max(1);
        var (correction1, correction2) = (1 - Math.Pow(Beta1, Steps), Math.Sqrt(1 - Math.Pow(Beta2, Steps)));
        foreach (var (slot, gradient) in network.Zip(gradients))
        {
            var clipped = gradient * scale;
            slot.Mean.mul_(Beta1).add_(clipped, alpha: 1 - Beta1);
            slot.Square.mul_(Beta2).addcmul_(clipped, clipped, value: 1 - Beta2);
            slot.Parameter.addcdiv_(slot.Mean, (slot.Square.sqrt() / correction2).add_(Epsilon), value: -learningRate(slot.Name) / correction1);
        }
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
