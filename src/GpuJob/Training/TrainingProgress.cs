using System.Globalization;
using System.Text;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Training;

/// <summary>Says how training goes: the status after every iteration, the curves in metrics.csv and a line in the log every few seconds.</summary>
/// <param name="header">Whether metrics.csv is still to be begun.</param>
internal sealed class TrainingProgress(JobContext context, TrainingRun run, long iterations, bool header)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly long _firstIteration = run.Finished;
    private readonly StringBuilder _curves = new(header ? $"attempt,iteration,loss,{string.Join(',', run.Quantities)},gradient_norm,images_per_second\n" : string.Empty);
    private long _logged = TimeProvider.System.GetTimestamp();

    internal double Seconds => TimeProvider.System.GetElapsedTime(_began).TotalSeconds;

    internal double ImagesPerSecond => (run.Finished - _firstIteration) * run.BatchSize / Math.Max(Seconds, 1e-3);

    internal JobProgress Current => new("train", run.Finished, iterations)
    {
        Loss = run.MeanLoss,
        ImagesPerSecond = ImagesPerSecond,
        EtaSeconds = (iterations - run.Finished) * run.BatchSize / Math.Max(ImagesPerSecond, 1e-3),
    };

    internal async Task AddAsync(StepReport step)
    {
        context.Report(Current);
        _curves.Append(CultureInfo.InvariantCulture, $"{context.Attempt},{run.Finished}");
        foreach (var number in (double[])[step.Loss, .. step.Quantities, step.GradientNorm])
            _curves.Append(CultureInfo.InvariantCulture, $",{number:R}");
        _curves.Append(CultureInfo.InvariantCulture, $",{ImagesPerSecond:0.0}\n");
        if (TimeProvider.System.GetElapsedTime(_logged) < LogEvery)
            return;
        context.Log.Trained(run.Finished, step.Loss, string.Join(", ", run.Quantities.Zip(step.Quantities, (name, value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.0000}"))), ImagesPerSecond);
        await FlushAsync();
        _logged = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Appends the curves to the blob.</summary>
    internal async Task FlushAsync()
    {
        if (_curves.Length == 0)
            return;
        await context.AppendMetricsAsync(_curves.ToString());
        _curves.Clear();
    }
}
