using LznPipeline.GpuJob.Networks;

namespace LznPipeline.GpuJob.Optimization;

/// <summary>How often each part of a model was changed: encoder, decoder and label anchors do not all train to the end.</summary>
internal sealed class PartCounts
{
    private readonly SortedDictionary<string, long> _counts;

    /// <param name="parameters">Names in the model's state dictionary.</param>
    internal PartCounts(IEnumerable<string> parameters) => _counts = new(parameters.Select(LznModel.PartOf).Distinct().ToDictionary(part => part, _ => 0L), StringComparer.Ordinal);

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
