using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>Running mean of the weights: mean = decay mean + (1 - decay) weight, with decay = min(limit, (1 + n) / (10 + n)) after n updates.</summary>
internal sealed class MovingAverage : IDisposable
{
    internal const string Prefix = "ema.";

    private readonly double _limit;
    private readonly List<(string Name, Parameter Weight, Tensor Mean)> _slots;

    /// <param name="parameters">Of a model, by their names in its state dictionary.</param>
    internal MovingAverage(IReadOnlyCollection<(string Name, Parameter Parameter)> parameters, double limit)
    {
        _limit = limit;
        Updates = new PartCounts(parameters.Select(each => each.Name));
        _slots = [.. parameters.Select(each => (each.Name, each.Parameter, each.Parameter.detach().clone().DetachFromDisposeScope()))];
    }

    internal PartCounts Updates { get; }

    internal IEnumerable<KeyValuePair<string, Tensor>> Named() => _slots.Select(slot => KeyValuePair.Create(Prefix + slot.Name, slot.Mean));

    /// <param name="changed">Whether a parameter, by its name, was trained in this step; the means of others stay.</param>
    internal void Update(Func<string, bool> changed)
    {
        using var frozen = no_grad();
        var updated = _slots.Where(slot => changed(slot.Name)).ToList();
        Updates.Add(updated.Select(slot => slot.Name));
        foreach (var (name, weight, mean) in updated)
        {
            var updates = Updates.Of(name);
            var decay = Math.Min(_limit, (1.0 + updates) / (10.0 + updates));
            mean.mul_(decay).add_(weight, alpha: 1 - decay);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, mean) in _slots)
            mean.Dispose();
    }
}
