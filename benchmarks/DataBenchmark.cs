using System.Diagnostics;
using System.Runtime.CompilerServices;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.Benchmarks;

/// <summary>
/// From JPEG files to batches of numbers, in turn with Python: the ratio is the median of the turns' ratios. Both have two workers, both begin each turn anew.
/// </summary>
internal sealed class DataBenchmark : IBenchmark
{
    private const int Turns = 5;
    private const int Workers = 2;

    private static readonly ImageRecipe Flip = new() { Size = 32, Augmentation = new AugmentationRecipe { HorizontalFlip = true } };

    private static readonly ImageRecipe Views = new()
    {
        Size = 224,
        Augmentation = new AugmentationRecipe
        {
            RandomResizedCrop = new RandomCropRecipe(),
            HorizontalFlip = true,
            ColorJitter = new ColorJitterRecipe { Probability = 0.8, Brightness = 0.8, Contrast = 0.8, Saturation = 0.8, Hue = 0.2 },
            Grayscale = 0.2,
            GaussianBlur = new GaussianBlurRecipe { Kernel = 23 },
        },
    };

    public string Name => "data";

    public string Summary => "Images per second from JPEG files to batches, with two workers, against Pillow, torchvision and a DataLoader.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        NativeThreads.Settle();             // both as the training program does
        NativeMemory.KeepFreed();
        using var peer = await PythonPeer.StartAsync("data.py", stop);
        using var place = new BenchmarkDataset();
        var small = place.Cifar10() ?? Made(peer, place.Folder("small"), side: 32, count: 8192);
        var large = Made(peer, place.Folder("large"), side: 256, count: 256);

        var flips = new BatchPlan(256, Views: 1, Seed: 0);
        yield return await MeasureAsync("32 px, flips", "flip", small, Flip, flips, held: false);
        yield return await MeasureAsync("32 px, flips, held decoded", "held", small, Flip, flips, held: true);
        yield return await MeasureAsync("256 px, two augmented views of 224 px each", "views", large, Views, new BatchPlan(64, Views: 2, Seed: 0), held: false);

        async Task<Measure> MeasureAsync(string name, string theirs, string folder, ImageRecipe recipe, BatchPlan plan, bool held)
        {
            var theirImages = (long)peer.Ask($"open {folder} {theirs} {plan.BatchSize}") / plan.BatchSize * plan.BatchSize;      // none are held out there
            var prepared = await place.PrepareAsync(folder, stop);
            var images = prepared.Manifest.Splits["train"].Images / plan.BatchSize * plan.BatchSize;
            await TurnAsync();              // warms both up
            var turns = new List<(double Ours, double Theirs)>();
            while (turns.Count < Turns)
                turns.Add(await TurnAsync());
            var rate = images / Median(turns.Select(turn => turn.Ours));
            return new Measure(
                name,
                rate,
                "images/s",
                $"torchvision, torch {peer.Version}",
                rate / Median(turns.Select(turn => turn.Theirs / theirImages / (turn.Ours / images))));

            async Task<(double Ours, double Theirs)> TurnAsync() =>
                (Epoch(await place.OpenAsync(prepared, recipe, new DataSettings(Workers, held ? long.MaxValue : 0, CacheFolder: null), stop), plan),
                    peer.Ask("epoch"));
        }
    }

    private static string Made(PythonPeer peer, string folder, int side, int count)
    {
        peer.Ask($"make {folder} {side} {count}");
        return folder;
    }

    private static double Epoch(PictureSet pictures, BatchPlan plan)
    {
        var start = Stopwatch.GetTimestamp();
        using var batches = new PrefetchedBatches(pictures, plan, new BadImages(BadImagePolicy.Fail, NullLogger.Instance), Workers, CPU);
        for (var iteration = 0; iteration < batches.BatchesPerEpoch; iteration++)
        {
            using var scope = NewDisposeScope();
            batches.At(iteration);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
