using System.Globalization;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using TorchSharp;

namespace LznPipeline.GpuJob.Training.DryRuns;

/// <summary>Finds out what a training needs by doing a few of its steps, of which nothing is kept.</summary>
internal static class DryRun
{
    private const int MinSteps = 5;
    private const int MaxSteps = 100;

    /// <summary>How long steps are timed, if they are many.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);

    internal static async Task<DryRunReport> RunAsync(TrainJob job, JobSurroundings surroundings)
    {
        using var single = new SingleDevice(surroundings.Launch.Device);
        using var rank = await TrainingRank.OpenAsync(job, surroundings, single, checkpoint: null);
        var run = rank.Run;
        run.Step();                                 // brings gradients into being, and what libraries make ready once
        surroundings.ThrowIfStopRequested();
        var peak = surroundings.Launch.Device.type is DeviceType.CPU ? ProcessMemory.PeakOf(() => run.Step()) : null;
        return new DryRunReport(job.Recipe.Training, run.BatchSize, Parts(run.Model), run.StateBytes, peak, TimeOf(run, surroundings));
    }

    private static List<PartSize> Parts(LznModel model)
    {
        var parameters = model.named_parameters().ToLookup(each => LznModel.PartOf(each.name), each => each.parameter);
        return [.. new[] { LznModel.EncoderName, LznModel.DecoderName, LznModel.LabelAnchorsName }
            .Where(parameters.Contains).Select(part => Size(part, [.. parameters[part]]))];
    }

    private static PartSize Size(string part, TorchSharp.Modules.Parameter[] parameters) =>
        new(part.Replace('_', ' '), parameters.Sum(each => each.numel()), parameters.Where(each => each.requires_grad).Sum(each => each.numel()));

    /// <summary>Median of some steps.</summary>
    private static TimeSpan TimeOf(TrainingRun run, JobSurroundings surroundings)
    {
        var (began, times) = (TimeProvider.System.GetTimestamp(), new List<TimeSpan>());
        while (times.Count < MinSteps || (times.Count < MaxSteps && TimeProvider.System.GetElapsedTime(began) < Enough))
        {
            surroundings.ThrowIfStopRequested();
            var step = TimeProvider.System.GetTimestamp();
            run.Step();
            times.Add(TimeProvider.System.GetElapsedTime(step));
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}

/// <summary>What a training needs.</summary>
/// <param name="Images">Of a batch.</param>
/// <param name="SnapshotBytes">What a <see cref="TrainingSnapshot"/> takes: weights, EMA weights and the optimizer's state.</param>
/// <param name="StepBytes">What a step has in memory at its peak beside what stays; null if it could not be measured.</param>
/// <param name="Step">Time of one, the median of some.</param>
internal sealed record DryRunReport(TrainingRecipe Training, int Images, IReadOnlyList<PartSize> Parts, long SnapshotBytes, long? StepBytes, TimeSpan Step)
{
    /// <summary>All of that, and a gradient for each parameter that learns; float32.</summary>
    internal long StateBytes => SnapshotBytes + Parts.Sum(part => part.Learning * sizeof(float));

    internal TimeSpan Total => Step * Training.Iterations;

    internal IEnumerable<string> Lines()
    {
        yield return "Model    " + string.Join(", ", Parts.Select(part => Text($"{part.Name} of {part.Parameters:N0} parameters")));
        yield return Text($"Memory   {Mebibytes(StateBytes)} for weights, gradients, the optimizer's state and EMA weights");
        yield return "         "
            + (StepBytes is { } bytes ? $"{Mebibytes(bytes)} more at the peak of a step, measured" : "what a step needs more could not be measured here");
        yield return Text($"         {Mebibytes(SnapshotBytes)} more, of the processor's, while a checkpoint is written");
        yield return Text($"Step     {Step.TotalMilliseconds:0.#} ms for {Images} images: {Images / Step.TotalSeconds:0.#} images/s");
        yield return Text($"Total    {Training.Iterations} iterations in about {Duration(Total)}, without checkpoints and evaluation");
        if (Training.TimeBudget is { } budget && budget < Total)
            yield return Text($"         the time budget of {Duration(budget)} ends it after about {(long)(budget / Step)} of them");
    }

    private static string Mebibytes(long bytes) => Text($"{bytes / (1024.0 * 1024):N1} MiB");

    private static string Duration(TimeSpan time) => time.ToString(time.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A part of the model.</summary>
/// <param name="Learning">Parameters that training changes.</param>
internal sealed record PartSize(string Name, long Parameters, long Learning);

/// <summary>Memory that this process has resident, as Linux counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>What some work needs more, at its peak, than is resident before it; bytes. Null where the system does not tell.</summary>
    internal static long? PeakOf(Action work)
    {
        NativeMemory.GiveBackFreed();
        if (!TryRestartPeak())
        {
            work();
            return null;
        }

        var before = Bytes("VmRSS:");
        work();
        return Math.Max(0, Bytes("VmHWM:") - before);
    }

    /// <summary>Makes the peak what is resident now.</summary>
    private static bool TryRestartPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;       // another system, or a container that does not allow it
        }
    }

    private static long Bytes(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));      // such as "VmHWM:   123456 kB"
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
