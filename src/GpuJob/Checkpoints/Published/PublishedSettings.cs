using LznPipeline.GpuJob.Optimization;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>The settings of the training that a published checkpoint itself holds. They are truer than a preset's.</summary>
internal static class PublishedSettings
{
    /// <summary>Rounding of 1 / length times length.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Fields of a recipe and their values.</summary>
    internal static SortedDictionary<string, double> Of(PublishedCheckpoint published)
    {
        var settings = new SortedDictionary<string, double>(StringComparer.Ordinal);
        if (published.Schedule is { } schedule)
        {
            settings["training.warmupIterations"] = schedule.Length;
            foreach (var (part, rate) in published.Parts.Zip(schedule.Rates))
                settings[part.Name.Rate] = rate;
        }

        if (published.Parts.Select(part => part.Average?.Decay).OfType<double>().Distinct().ToList() is [var decay])
            settings["training.emaDecay"] = decay;
        return settings;
    }

    /// <summary>One line for each setting that our training does not have.</summary>
    internal static IEnumerable<string> Problems(PublishedCheckpoint published)
    {
        if (published.Schedule is { } schedule && !IsOurs(schedule, published.Iteration))
            yield return $"{PublishedCheckpoint.Scheduler}: factors {schedule.StartFactor} to {schedule.EndFactor} in {schedule.Length} steps of which {schedule.Steps} are done; needed are 1 / steps to 1, and at most {published.Iteration} done";
        if (published.Parts.Select(part => part.Average?.Decay).OfType<double>().Distinct().ToList() is { Count: > 1 } decays)
            yield return $"running means with decays {string.Join(" and ", decays)}; needed is one decay";
        foreach (var (name, group) in published.Parts.Where(part => part.Group is not null).Select(part => (part.Name.Key, part.Group!)))
        {
            if ((group.Beta1, group.Beta2, group.Epsilon, group.WeightDecay, group.IsAmsgrad) != (Adam.Beta1, Adam.Beta2, Adam.Epsilon, 0, false))
                yield return $"{PublishedCheckpoint.Optimizer} of {name}: betas {group.Beta1}, {group.Beta2}, eps {group.Epsilon}, weight_decay {group.WeightDecay}, amsgrad {group.IsAmsgrad}; needed are {Adam.Beta1}, {Adam.Beta2}, {Adam.Epsilon}, 0, False";
            if (Steps(group) is { Count: > 1 } steps)
                yield return $"{PublishedCheckpoint.Optimizer} of {name}: parameters after {string.Join(" and ", steps)} steps; needed is one number of steps";
        }
    }

    /// <summary>Steps that the optimizer has taken on a part.</summary>
    internal static long StepsOf(PublishedPart part) => part.Group is { } group ? Steps(group).FirstOrDefault() : 0;

    private static List<long> Steps(PublishedGroup group) => [.. group.Moments.OfType<PublishedMoments>().Select(moments => moments.Steps).Distinct()];

    private static bool IsOurs(PublishedSchedule schedule, long iterations) =>
        schedule.EndFactor == 1 && schedule.Steps >= 0 && schedule.Steps <= iterations
        && (schedule.Length == 0 || Math.Abs(schedule.StartFactor * schedule.Length - 1) < Rounding);
}
