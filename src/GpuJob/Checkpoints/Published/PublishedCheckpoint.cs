using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Pickle;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>What a checkpoint of the published trainers holds, whatever the architecture (docs/method.md, section 4).</summary>
/// <param name="Parts">Those that are there, in the order of <see cref="PublishedName.All"/>.</param>
/// <param name="Schedule">Null if it was left out of the file.</param>
/// <param name="OtherKeys">Keys that no published checkpoint has.</param>
internal sealed record PublishedCheckpoint(IReadOnlyList<PublishedPart> Parts, long Epoch, long Iteration, PublishedSchedule? Schedule, IReadOnlyList<string> OtherKeys)
{
    internal const string Epochs = "epoch";
    internal const string Iterations = "iteration";
    internal const string Optimizer = "optimizer";
    internal const string Scheduler = "lr_scheduler";
    internal const string LossScaler = "grad_scalar";

    /// <summary>Whether a saved object looks like such a checkpoint at all.</summary>
    internal static bool IsOne(PickleValue root) => root.IsDictionary && root.Find(PublishedName.All[0].Key) is { IsDictionary: true } && root.Find(Iterations) is not null;

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
internal sealed record PublishedPart(PublishedName Name, IReadOnlyList<KeyValuePair<string, TorchTensor>> State, PublishedAverage? Average, PublishedGroup? Group);

/// <summary>Running means of a part's trained parameters, in their order among the parameters.</summary>
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
            ? new(rates, value.Get("last_epoch").Number(), value.Get("total_iters").Number(), file.Fraction(value.Get("start_factor")), file.Fraction(value.Get("end_factor")))
            : throw new InvalidDataException($"{PublishedCheckpoint.Scheduler} has {rates.Count} learning rates for {parts} parts of the model.");
    }
}
