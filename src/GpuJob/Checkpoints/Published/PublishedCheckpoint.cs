using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Pickle;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>What a checkpoint of the published trainers holds, whatever the architecture (docs/method.md, section 4).</summary>
/// <param name="Parts">Those that are there, in the order of <see cref="PublishedName.All"/>.</param>
/// <param name="Schedule">Null if it was left out of the file.</param>
/// <param name="OtherKeys">Keys that no published checkpoint has.</param>
internal sealed record PublishedCheckpoint(
    IReadOnlyList<PublishedPart> Parts, long Epoch, long Iteration, PublishedSchedule? Schedule, IReadOnlyList<string> OtherKeys)
{
    internal const string Epochs = "epoch";
    internal const string Iterations = "iteration";
    internal const string Optimizer = "optimizer";
    internal const string Scheduler = "lr_scheduler";
    internal const string LossScaler = "grad_scalar";

    /// <summary>Whether a saved object looks like such a checkpoint at all.</summary>
    internal static bool IsOne(PickleValue root) =>
        root.IsDictionary && root.Find(PublishedName.All[0].Key) is { IsDictionary: true } && root.Find(Iterations) is not null;

    /// <exception cref="InvalidDataException">Something in it is not what the published trainers save there.</exception>
    internal static PublishedCheckpoint Of(TorchFile file)
    {
        try
        {
            return Parse(file);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"'{file.Name}' is no checkpoint of the published trainers: {wrong.Message}", wrong);
        }
    }

    private static PublishedCheckpoint Parse(TorchFile file)
    {
        var root = file.Root;
        if (!IsOne(root))
            throw new InvalidDataException("it should be a dictionary with at least encoder, epoch and iteration.");
        var present = PublishedName.All.Where(name => root.Find(name.Key) is not null).ToList();
        var groups = root.Find(Optimizer) is { } optimizer ? PublishedGroup.All(optimizer, file, present.Count) : null;
        var parts = present.Select((name, index) => new PublishedPart(
            name,
            [.. root.Get(name.Key).Entries().Select(entry => KeyValuePair.Create($"{entry.Key}", entry.Value.Tensor()))],
            root.Find(name.AverageKey) is { } average ? PublishedAverage.Of(average, file) : null,
            groups?[index])).ToList();
        string[] known = [.. PublishedName.All.SelectMany(name => new[] { name.Key, name.AverageKey }), Epochs, Iterations, Optimizer, Scheduler, LossScaler];
        return new PublishedCheckpoint(parts, root.Get(Epochs).Number(), root.Get(Iterations).Number(),
            root.Find(Scheduler) is { } schedule ? PublishedSchedule.Of(schedule, file, present.Count) : null,
            [.. root.Entries().Select(entry => $"{entry.Key}").Except(known)]);
    }
}

/// <summary>A part of a model and all that its training carries along.</summary>
/// <param name="State">Parameters and buffers, in the order of registration.</param>
internal sealed record PublishedPart(
    PublishedName Name, IReadOnlyList<KeyValuePair<string, TorchTensor>> State, PublishedAverage? Average, PublishedGroup? Group);

/// <summary>EMA of a part's trained parameters, in their order among the parameters.</summary>
internal sealed record PublishedAverage(double Decay, long Updates, IReadOnlyList<TorchTensor> Means)
{
    internal static PublishedAverage Of(PickleValue value, TorchFile file) =>
        new(file.Fraction(value.Get("decay")), value.Get("num_updates").Number(), [.. value.Get("shadow_params").Items().Select(item => item.Tensor())]);
}

/// <summary>The linear warm-up of the learning rates.</summary>
/// <param name="Rates">After it, one for each part.</param> <param name="Steps">Done so far.</param> <param name="Length">In steps.</param>
internal sealed record PublishedSchedule(IReadOnlyList<double> Rates, long Steps, long Length, double StartFactor, double EndFactor)
{
    internal static PublishedSchedule Of(PickleValue value, TorchFile file, int parts)
    {
        var rates = value.Get("base_lrs").Items().Select(file.Fraction).ToList();
        return rates.Count == parts
            ? new(
                rates,
                value.Get("last_epoch").Number(),
                value.Get("total_iters").Number(),
                file.Fraction(value.Get("start_factor")),
                file.Fraction(value.Get("end_factor")))
            : throw new InvalidDataException($"{PublishedCheckpoint.Scheduler} has {rates.Count} learning rates for {parts} parts of the model.");
    }
}

/// <summary>Adam's state of one part of a model.</summary>
/// <param name="Moments">One for each parameter, in their order; null for those that were never changed.</param>
internal sealed record PublishedGroup(double Beta1, double Beta2, double Epsilon, double WeightDecay, bool IsAmsgrad, IReadOnlyList<PublishedMoments?> Moments)
{
    /// <exception cref="InvalidDataException">It is no state of such an optimizer.</exception>
    internal static IReadOnlyList<PublishedGroup> All(PickleValue optimizer, TorchFile file, int parts)
    {
        var state = optimizer.Get("state");
        var groups = optimizer.Get("param_groups").Items().Select(group => Of(group, state, file)).ToList();
        return groups.Count == parts ? groups : throw new InvalidDataException($"{optimizer.Path} has {groups.Count} groups for {parts} parts of the model.");
    }

    private static PublishedGroup Of(PickleValue group, PickleValue state, TorchFile file)
    {
        var betas = group.Get("betas").Items().Select(file.Fraction).ToList();
        return betas is [var beta1, var beta2]
            ? new(beta1, beta2, file.Fraction(group.Get("eps")), file.Fraction(group.Get("weight_decay")), group.Get("amsgrad").Flag(),
                [.. group.Get("params").Items().Select(index => state.Find(index.Number()) is { } moments ? PublishedMoments.Of(moments, file) : null)])
            : throw new InvalidDataException($"{group.Path}.betas has {betas.Count} values in place of 2.");
    }
}

/// <summary>Adam's state of one parameter.</summary>
internal sealed record PublishedMoments(long Steps, TorchTensor Mean, TorchTensor Square)
{
    internal static PublishedMoments Of(PickleValue value, TorchFile file) =>
        new((long)file.Fraction(value.Get("step")), value.Get("exp_avg").Tensor(), value.Get("exp_avg_sq").Tensor());
}

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
            yield return $"{PublishedCheckpoint.Scheduler}: factors {schedule.StartFactor} to {schedule.EndFactor} in {schedule.Length} steps "
                + $"of which {schedule.Steps} are done; needed are 1 / steps to 1, and at most {published.Iteration} done";
        if (published.Parts.Select(part => part.Average?.Decay).OfType<double>().Distinct().ToList() is { Count: > 1 } decays)
            yield return $"EMA weights with decays {string.Join(" and ", decays)}; needed is one decay";
        foreach (var (name, group) in published.Parts.Where(part => part.Group is not null).Select(part => (part.Name.Key, part.Group!)))
        {
            if ((group.Beta1, group.Beta2, group.Epsilon, group.WeightDecay, group.IsAmsgrad) != (Adam.Beta1, Adam.Beta2, Adam.Epsilon, 0, false))
                yield return $"{PublishedCheckpoint.Optimizer} of {name}: betas {group.Beta1}, {group.Beta2}, eps {group.Epsilon}, "
                    + $"weight_decay {group.WeightDecay}, amsgrad {group.IsAmsgrad}; needed are {Adam.Beta1}, {Adam.Beta2}, {Adam.Epsilon}, 0, False";
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

/// <summary>What the published trainers call a part of a model, and its tensors.</summary>
/// <param name="Part">Our name of it.</param> <param name="Key">Theirs in a checkpoint.</param> <param name="Rate">Of its learning rate in a recipe.</param>
internal sealed record PublishedName(string Part, string Key, string Rate)
{
    /// <summary>Their networks lie in two wrappers, for several devices.</summary>
    private const string Wrappers = "model.module.";

    private const string Anchors = Wrappers + "anchor";

    /// <summary>All, in the order of the optimizer's groups.</summary>
    internal static IReadOnlyList<PublishedName> All { get; } =
    [
        new(LznModel.EncoderName, "encoder", "training.learningRate.encoder"),
        new(LznModel.DecoderName, "decoder", "training.learningRate.decoder"),
        new(LznModel.LabelAnchorsName, "label_anchor", "training.learningRate.labelAnchors"),
    ];

    internal string AverageKey => Key + "_ema";

    /// <summary>Their name of a tensor that the model has under <paramref name="name"/>.</summary>
    internal string Of(string name) => name == Part ? Anchors : Wrappers + name[(Part.Length + 1)..];
}
