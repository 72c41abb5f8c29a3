using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Training;

/// <summary>Trains tiny models on eight pictures of coloured squares.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private const int Images = 8;
    private const int Size = 8;
    private static readonly string[] Classes = ["left", "right"];

    private readonly ImageSet _images = new(Squares(Workplace.TinyRecipe(Objective.Joint).Image), NullLogger.Instance, threads: 1);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Step_Generation_BeatsTheBestDecoderForImagesWithoutForm()
    {
        using var trained = Train(Objective.Generation, 200, ("training.decoderBatchSize", "8"));

        // For images of white noise of variance v, no decoder is better than the integral of v / (t^2 v + (1 - t)^2) over t from 0 to 1,
        // which is sqrt(v) pi / 2.
        using var x1 = _images.Images(arange(Images, dtype: ScalarType.Int64));
        Assert.InRange(trained.Last("flow_loss"), 0, Math.Sqrt(x1.square().mean().item<float>()) * Math.PI / 2);
    }

    [Fact]
    public void Step_RepresentationOfMirroredViews_AssignsEachLatentToItsImage()
    {
        using var trained = Train(Objective.Representation, 150, ("flow.steps", "20"), ("image.augmentation", """{ "horizontalFlip": true }"""));

        Assert.InRange(trained.First("assignment_accuracy"), 0, 0.9);
        Assert.InRange(trained.Last("assignment_accuracy"), 0.97, 1);
    }

    [Fact]
    public void Step_Joint_AssignsEachLatentToItsLabel()
    {
        using var trained = Train(Objective.Joint, 100);

        Assert.InRange(trained.Last("label_probability"), -1, -0.8);        // -1 is certainty, -1/2 a guess
    }

    [Fact]
    public void Step_DecoderDone_ChangesEncoderAndAnchorsOnly()
    {
        using var trained = Train(Objective.Joint, 2, ("training.iterations", "9"), ("training.decoderIterations", "2"));
        var before = Weights(trained.Run);

        trained.Run.Step();

        var changed = Weights(trained.Run).Where(entry => entry.Value != before[entry.Key])
            .Select(entry => LznModel.PartOf(entry.Key.Replace(EmaWeights.Prefix, "", StringComparison.Ordinal))).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["encoder", "label_anchors"], changed);
    }

    [Fact]
    public void Step_DecoderWithoutLatents_LearnsRectifiedFlowAlone()
    {
        using var trained = Train(Objective.Generation, 2, ("decoder.latent", "\"none\""));
        var before = Weights(trained.Run);

        trained.Run.Step();

        var changed = Weights(trained.Run)
            .Where(entry => entry.Value != before[entry.Key] && !entry.Key.StartsWith(EmaWeights.Prefix, StringComparison.Ordinal))
            .Select(entry => LznModel.PartOf(entry.Key)).Distinct();      // EMA weights round even where weights stay
        Assert.Equal(["decoder"], changed);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (labels, t, xt) = (zeros(3, 0), full(3, 0.5), randn(3, 3, Size, Size));
        var d = Workplace.TinyRecipe(Objective.Generation).Encoder.LatentDimension;
        var (one, another) = (trained.Run.Model.Decoder!.call(randn(3, d), labels, t, xt), trained.Run.Model.Decoder.call(randn(3, d), labels, t, xt));
        Assert.True(one.equal(another).all().item<bool>());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(1e18f)]
    public void Step_LossOrGradientThatIsNotFinite_ChangesOnlyTheCounters(float pixel)
    {
        var recipe = Workplace.TinyRecipe(Objective.Joint);
        using var batches = new Spoilt(Batches(recipe), pixel, from: 2);
        using var run = new TrainingRun(recipe, batches, Classes, seed: 1, new SingleDevice());
        run.Step();
        run.Step();
        var before = Weights(run);

        var report = run.Step();

        Assert.True(report.Skipped);
        Assert.Equal((3L, 1L), (run.Finished, run.Skipped));
        Assert.Equal(before, Weights(run));
    }

    [Fact]
    public void Step_ManyTimes_LeavesNoTensorBehind()
    {
        using var trained = Train(Objective.Representation, 2);
        using var scope = NewDisposeScope();

        trained.Run.Step();

        Assert.Equal(0, scope.DisposablesCount);
    }

    private Trained Train(Objective objective, int steps, params (string Field, string Json)[] set)
    {
        var recipe = Workplace.TinyRecipe(objective,
        [
            ("training.learningRate.encoder", "0.01"), ("training.batchSize", "8"), ("image.augmentation", """{ "horizontalFlip": false }"""), .. set
        ]);
        var batches = Batches(recipe);
        var run = new TrainingRun(recipe, batches, Classes, seed: 1, new SingleDevice());
        var reports = Enumerable.Range(0, steps).Select(_ => run.Step()).ToList();
        return new Trained(run, batches, reports);
    }

    /// <summary>Every weight and its EMA, as text that tells equal bits.</summary>
    private static Dictionary<string, string> Weights(TrainingRun run) => run.Model.named_parameters()
        .Select(each => KeyValuePair.Create<string, Tensor>(each.name, each.parameter)).Concat(run.Ema.Named())
        .ToDictionary(entry => entry.Key, entry => Convert.ToHexString(entry.Value.bytes));

    /// <summary>A square of one of eight colours on black, at the left for label 0, at the right for label 1.</summary>
    private static HeldPictures Squares(ImageRecipe recipe)
    {
        var numbers = Enumerable.Range(0, Images).ToList();
        return new HeldPictures(
            recipe,
            [.. numbers.Select(Square)],
            [.. numbers.Select(image => (long)image % Classes.Length)],
            [.. numbers.Select(image => $"{image}.png")]);
    }

    private static Picture Square(int image)
    {
        var picture = Picture.Blank(Size, Size);
        for (var index = 0; index < picture.Pixels.Length; index++)
        {
            if (index / 3 % Size / (Size / 2) == image % Classes.Length)
                picture.Pixels[index] = (byte)((image >> index % 3) % 2 * 200 + 55);
        }

        return picture;
    }

    private static PrefetchedBatches Batches(Recipe recipe) =>
        new(Squares(recipe.Image), BatchPlan.For(recipe, seed: 1), new BadImages(BadImagePolicy.Fail, NullLogger.Instance), threads: 1, CPU);

    private sealed record Trained(TrainingRun Run, PrefetchedBatches Batches, IReadOnlyList<StepReport> Reports) : IDisposable
    {
        internal double First(string quantity) => Reports[0].Quantities[Place(quantity)];

        /// <summary>Mean of the last twenty iterations.</summary>
        internal double Last(string quantity) => Reports.TakeLast(20).Average(report => report.Quantities[Place(quantity)]);

        private int Place(string quantity) => Run.Quantities.ToList().IndexOf(quantity);

        public void Dispose()
        {
            Run.Dispose();
            Batches.Dispose();
        }
    }

    /// <summary>Batches whose images become one number at some iteration.</summary>
    private sealed class Spoilt(PrefetchedBatches batches, float pixel, long from) : IBatchSource
    {
        public int BatchSize => batches.BatchSize;

        public long BatchesPerEpoch => batches.BatchesPerEpoch;

        public Batch At(long iteration)
        {
            var batch = batches.At(iteration);
            return iteration < from ? batch : batch with { Views = [.. batch.Views.Select(view => full_like(view, pixel))] };
        }

        public void Dispose() => batches.Dispose();
    }
}
