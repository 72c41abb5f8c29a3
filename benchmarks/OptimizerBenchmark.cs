using System.Diagnostics;
using System.Runtime.CompilerServices;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.Benchmarks;

/// <summary>
/// A step of our Adam, which sees each part of a model as one vector, in turn with TorchSharp's over the same parameters; both with gradient clipping.
/// </summary>
internal sealed class OptimizerBenchmark : IBenchmark
{
    private const int Classes = 10;
    private const double Rate = 1e-4;
    private const double ClipNorm = 1;
    private const int Turns = 15;

    /// <summary>Steps of a turn go on for about so long, that the clock can tell.</summary>
    private static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(200);

    public string Name => "optimizer";

    public string Summary => "Milliseconds per step of Adam with clipping over a model's parameters, against TorchSharp's optim.Adam.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        NativeThreads.Settle();             // as the training program does
        NativeMemory.KeepFreed();
        foreach (var preset in new[] { "case3-small", "case3-cifar10" })
        {
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            yield return Compare(preset);
        }
    }

    private static Measure Compare(string preset)
    {
        // a preset is valid
        using var model = LznModel.Unfilled(
            Presets.Resolve(preset, new Dictionary<string, System.Text.Json.JsonElement>(StringComparer.Ordinal), new Problems())!, Classes);
        var trained = model.named_parameters().Where(each => each.parameter.requires_grad).ToList();
        foreach (var (_, parameter) in trained)
            parameter.grad = randn(parameter.shape) * 1e-3;
        using var ours = new GpuJob.Optimization.Adam(trained);
        using var theirs = optim.Adam(
            trained.Select(each => each.parameter), Rate, GpuJob.Optimization.Adam.Beta1, GpuJob.Optimization.Adam.Beta2, GpuJob.Optimization.Adam.Epsilon);
        var (ourTimes, ratios) = (new List<double>(), new List<double>());
        for (var turn = 0; turn <= Turns; turn++)
        {
            var (own, other) = (Milliseconds(() => ours.Step(_ => Rate, ClipNorm)), Milliseconds(() => Step(theirs, trained)));
            if (turn == 0)
                continue;                   // warms both up
            ourTimes.Add(own);
            ratios.Add(own / other);
        }

        var time = Median(ourTimes);
        return new Measure(
            $"{preset}, {trained.Count} tensors, {trained.Sum(each => each.parameter.numel()) / 1e6:F1} million numbers",
            time,
            "ms",
            "optim.Adam",
            time / Median(ratios));
    }

    private static void Step(optim.Optimizer optimizer, List<(string Name, Parameter Parameter)> trained)
    {
        using var scope = NewDisposeScope();
        nn.utils.clip_grad_norm_(trained.Select(each => each.Parameter), ClipNorm);
        optimizer.step();
    }

    private static double Milliseconds(Action step)
    {
        var (start, steps) = (Stopwatch.GetTimestamp(), 0);
        do
        {
            step();
            steps++;
        }
        while (Stopwatch.GetElapsedTime(start) < MinTime);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
