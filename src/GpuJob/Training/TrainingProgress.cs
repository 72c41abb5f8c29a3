using System.Globalization;
using System.Text;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Training.TensorBoard;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Training;

/// <summary>
/// Says how training goes: the status after every iteration, the curves in metrics.csv and for TensorBoard, and now and then a line in the log.
/// </summary>
/// <param name="header">Whether metrics.csv is still to be begun.</param>
internal sealed class TrainingProgress(JobContext context, TrainingRun run, TrainingRecipe training, bool header)
{
    private static readonly TimeSpan MaxOften = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinOften = TimeSpan.FromMinutes(5);

    /// <summary>Characters of curves that wait.</summary>
    private const int MaxWaiting = 1 << 20;

    /// <summary>Points of a curve in TensorBoard, about. It shows a thousand.</summary>
    private const int BoardPoints = 10_000;

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly long _firstIteration = run.Finished;
    private readonly StringBuilder _curves =
        new(header ? $"attempt,iteration,loss,{string.Join(',', run.Quantities)},gradient_norm,images_per_second\n" : string.Empty);
    private readonly EventRecords? _board = training.TensorBoard ? new EventRecords(run.Finished + 1, TimeProvider.System) : null;
    private readonly long _boardEvery = Math.Max(1, training.Iterations / BoardPoints);
    private long _logged = TimeProvider.System.GetTimestamp();

    internal double Seconds => TimeProvider.System.GetElapsedTime(_began).TotalSeconds;

    internal double ImagesPerSecond => (run.Finished - _firstIteration) * run.BatchSize / Math.Max(Seconds, 1e-3);

    /// <summary>
    /// How long nothing is logged or appended: a hundredth of the time so far, within bounds. An append blob takes 50,000 blocks, and training may take months.
    /// </summary>
    internal static TimeSpan PauseAfter(TimeSpan trained) => TimeSpan.FromTicks(Math.Clamp(trained.Ticks / 100, MaxOften.Ticks, MinOften.Ticks));

    /// <summary>Tells the status how far training is.</summary>
    internal void Report() => context.Report(new JobProgress("train", run.Finished, training.Iterations)
    {
        Loss = run.MeanLoss,
        ImagesPerSecond = ImagesPerSecond,
        EtaSeconds = (training.Iterations - run.Finished) * run.BatchSize / Math.Max(ImagesPerSecond, 1e-3),
    });

    internal async Task AddAsync(StepReport step)
    {
        Report();
        _curves.Append(CultureInfo.InvariantCulture, $"{context.Attempt},{run.Finished}");
        foreach (var number in (double[])[step.Loss, .. step.Quantities, step.GradientNorm])
            _curves.Append(CultureInfo.InvariantCulture, $",{number:R}");
        _curves.Append(CultureInfo.InvariantCulture, $",{ImagesPerSecond:0.0}\n");
        if (run.Finished % _boardEvery == 0)
            _board?.Add(run.Finished, Curves(step));
        var due = TimeProvider.System.GetElapsedTime(_logged) >= PauseAfter(TimeProvider.System.GetElapsedTime(_began));
        if (due)
        {
            context.Log.Trained(
                run.Finished,
                step.Loss,
                string.Join(", ", run.Quantities.Zip(step.Quantities, (name, value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.0000}"))),
                ImagesPerSecond);
            _logged = TimeProvider.System.GetTimestamp();
        }

        if (due || _curves.Length > MaxWaiting)
            await FlushAsync();
    }

    /// <summary>Shows TensorBoard what the model generates.</summary>
    internal void Add(byte[] png) => _board?.Add(run.Finished, "samples", png);

    /// <summary>Appends what waits to the blobs.</summary>
    internal async Task FlushAsync()
    {
        if (_curves.Length > 0)
            await context.AppendMetricsAsync(_curves.ToString());
        _curves.Clear();
        if (_board?.Take() is { Length: > 0 } records)
            await context.AppendEventsAsync(records);
    }

    private IEnumerable<(string Tag, double Value)> Curves(StepReport step) =>
    [
        ("train/loss", step.Loss),
        .. run.MeanLoss is { } mean ? [("train/mean_loss", mean)] : Array.Empty<(string, double)>(),
        .. run.Quantities.Zip(step.Quantities, (name, value) => ($"train/{name}", value)),
        ("train/gradient_norm", step.GradientNorm),
        ("train/images_per_second", ImagesPerSecond),
        .. run.LearningRates.Select(rate => ($"learning_rate/{rate.Part}", rate.Rate)),
    ];
}

/// <summary>What an iteration reports.</summary>
/// <param name="Loss">What was to become small.</param>
/// <param name="Quantities">Those that the objective names, in its order.</param>
/// <param name="GradientNorm">Of all weights together, before clipping; NaN when no gradient was computed.</param>
/// <param name="Skipped">Whether loss or gradient was non-finite, so that nothing was learned.</param>
internal sealed record StepReport(double Loss, IReadOnlyList<double> Quantities, double GradientNorm, bool Skipped);
