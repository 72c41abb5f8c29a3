using LznPipeline.GpuJob.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Optimization;

/// <summary>EMA of the weights: mean = decay mean + (1 - decay) weight, with decay = min(limit, (1 + n) / (10 + n)) after n updates.</summary>
internal sealed class EmaWeights : IDisposable
{
    internal const string Prefix = "ema.";

    private readonly double _limit;
    private readonly List<(FlatParameters Weights, Tensor Mean)> _vectors;      // [n] each
    private readonly List<KeyValuePair<string, Tensor>> _named;                 // they share the memory of the whole

    /// <param name="parameters">Of a model, by their names in its state dictionary.</param>
    internal EmaWeights(IReadOnlyCollection<(string Name, Parameter Parameter)> parameters, double limit)
    {
        using var scope = NewDisposeScope();
        _limit = limit;
        Updates = new PartCounts(parameters.Select(each => each.Name));
        _vectors = [.. FlatParameters.Of(parameters).Select(each => (each, each.Weights().DetachFromDisposeScope()))];
        _named = [.. _vectors.SelectMany(each => each.Weights.Named(each.Mean))
            .Select(each => KeyValuePair.Create(Prefix + each.Key, each.Value.DetachFromDisposeScope()))];
    }

    internal PartCounts Updates { get; }

    internal IEnumerable<KeyValuePair<string, Tensor>> Named() => _named;

    /// <param name="changed">Whether a part, by its name, was trained in this step; the means of others stay.</param>
    internal void Update(Func<string, bool> changed)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var updated = _vectors.Where(each => changed(each.Weights.Part)).ToList();
        Updates.Add(updated.Select(each => each.Weights.Part));
        foreach (var (weights, mean) in updated)
        {
            var updates = Updates.Of(weights.Part);
            var decay = Math.Min(_limit, (1.0 + updates) / (10.0 + updates));
            using var own = weights.Weights();
            mean.mul_(decay).add_(own, alpha: 1 - decay);
        }
    }

    public void Dispose()
    {
        foreach (var (_, view) in _named)
            view.Dispose();
        foreach (var (_, mean) in _vectors)
            mean.Dispose();
    }
}

/// <summary>How often each part of a model was changed: encoder, decoder and label anchors do not all train to the end.</summary>
internal sealed class PartCounts
{
    private readonly SortedDictionary<string, long> _counts;

    /// <param name="parameters">Names in the model's state dictionary.</param>
    internal PartCounts(IEnumerable<string> parameters) =>
        _counts = new(parameters.Select(LznModel.PartOf).Distinct().ToDictionary(part => part, _ => 0L), StringComparer.Ordinal);

    /// <summary>Of the part that a parameter belongs to.</summary>
    internal long Of(string parameter) => _counts[LznModel.PartOf(parameter)];

    /// <summary>Counts each part once in which one of these parameters is.</summary>
    internal void Add(IEnumerable<string> parameters)
    {
        foreach (var part in parameters.Select(LznModel.PartOf).Distinct())
            _counts[part]++;
    }

    /// <summary>By part, as a checkpoint holds them.</summary>
    internal SortedDictionary<string, long> Stored() => new(_counts, StringComparer.Ordinal);

    internal void Restore(IReadOnlyDictionary<string, long> stored)
    {
        foreach (var part in _counts.Keys.ToList())
            _counts[part] = stored.GetValueOrDefault(part);
    }
}
