using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Jobs;
using TorchSharp;

namespace LznPipeline.GpuJob.Training.Trials;

/// <summary>Finds out what a training needs by doing a few of its steps, of which nothing is kept.</summary>
internal static class Trial
{
    private const int LeastSteps = 5;
    private const int MostSteps = 100;

    /// <summary>How long steps are timed, if they are many.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);

    internal static async Task<TrialReport> RunAsync(TrainJob job, JobSurroundings surroundings)
    {
        using var single = new SingleDevice(surroundings.Launch.Device);
        using var rank = await TrainingRank.OpenAsync(job, surroundings, single, checkpoint: null);
        var run = rank.Run;
        run.Step();                                 // brings gradients into being, and what libraries make ready once
        surroundings.ThrowIfStopRequested();
        var peak = surroundings.Launch.Device.type is DeviceType.CPU ? ProcessMemory.PeakOf(() => run.Step()) : null;
        return new TrialReport(job.Recipe.Training, run.BatchSize, Parts(run.Model), peak, TimeOf(run, surroundings));
    }

    private static List<PartSize> Parts(LznModel model)
    {
        var parameters = model.named_parameters().ToLookup(each => LznModel.PartOf(each.name), each => each.parameter);
        return [.. new[] { LznModel.EncoderName, LznModel.DecoderName, LznModel.LabelAnchorsName }.Where(parameters.Contains).Select(part => Size(part, [.. parameters[part]]))];
    }

    private static PartSize Size(string part, TorchSharp.Modules.Parameter[] parameters) =>
        new(part.Replace('_', ' '), parameters.Sum(each => each.numel()), parameters.Where(each => each.requires_grad).Sum(each => each.numel()));

    /// <summary>Median of some steps.</summary>
    private static TimeSpan TimeOf(TrainingRun run, JobSurroundings surroundings)
    {
        var (began, times) = (TimeProvider.System.GetTimestamp(), new List<TimeSpan>());
        while (times.Count < LeastSteps || (times.Count < MostSteps && TimeProvider.System.GetElapsedTime(began) < Enough))
        {
            surroundings.ThrowIfStopRequested();
            var step = TimeProvider.System.GetTimestamp();
            run.Step();
            times.Add(TimeProvider.System.GetElapsedTime(step));
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}
