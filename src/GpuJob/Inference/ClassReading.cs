namespace LznPipeline.GpuJob.Inference;

/// <summary>What a model reads from an image.</summary>
/// <param name="Label">That of the middle of its zone.</param>
/// <param name="Shares">Which part of the zone each label has, by label; they add up to 1.</param>
internal sealed record ClassReading(string Id, int Label, double[] Shares)
{
    /// <param name="read">The label of the zone's middle, then those of other places.</param>
    internal static ClassReading Of(string id, int[] read, int classes)
    {
        var shares = new double[classes];
        foreach (var label in read[1..])
            shares[label] += 1.0 / (read.Length - 1);
        return new ClassReading(id, read[0], shares);
    }

    /// <summary>The label, then the others, the greatest share first.</summary>
    internal IEnumerable<(int Label, double Share)> Ranked() =>
        Shares.Select((share, label) => (label, share)).OrderByDescending(each => each.label == Label).ThenByDescending(each => each.share).ThenBy(each => each.label);
}
