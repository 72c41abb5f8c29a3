using System.Globalization;
using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.Shared;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>A model in training: the state that an iteration changes, the iteration itself, and the state's form in a checkpoint.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const string IterationKey = "iteration";
    private const string SkippedKey = "skipped";
    private const string AdamStepsKey = "adam_steps";
    private const string EmaUpdatesKey = "ema_updates";
    private const string MeanLossKey = "mean_loss";
    private const string RecipeKey = "recipe";
    private const string SeedKey = "seed";

    /// <summary>Part of the newest loss in the mean that is reported.</summary>
    private const double Freshness = 0.02;

    private readonly Recipe _recipe;
    private readonly IBatchSource _batches;
    private readonly int _classes;
    private readonly long _seed;
    private readonly Draws _draws;
    private readonly Adam _adam;

    /// <param name="batches">Not disposed with this.</param>
    internal TrainingRun(Recipe recipe, IBatchSource batches, int classes, long seed)
    {
        (_recipe, _batches, _classes, _seed, _draws) = (recipe, batches, classes, seed, new Draws(seed));
        using var weights = _draws.For(RandomStream.Weights, 0);
        Model = new JointModel(recipe, classes, new Layers(weights));
        _adam = new Adam(Model.named_parameters());
        Ema = new MovingAverage(Model.named_parameters(), recipe.Training.EmaDecay);
    }

    internal JointModel Model { get; }

    internal MovingAverage Ema { get; }

    internal int BatchSize => _batches.BatchSize;

    /// <summary>Iterations done.</summary>
    internal long Finished { get; private set; }

    /// <summary>Iterations whose loss was no finite number.</summary>
    internal long Skipped { get; private set; }

    /// <summary>Mean loss of about the last fifty iterations.</summary>
    internal double? MeanLoss { get; private set; }

    /// <summary>One iteration. A loss that is no finite number changes nothing but the counters.</summary>
    internal StepLoss Step()
    {
        using var scope = NewDisposeScope();        // every tensor of the step ends here
        var (total, loss) = Loss(Finished);
        if (loss.IsFinite)
        {
            _adam.ZeroGradients();
            total.backward();
            _adam.Step(LearningRate, _recipe.Training.ClipNorm);
            Ema.Update();
            MeanLoss = MeanLoss is { } mean ? mean + Freshness * (loss.Total - mean) : loss.Total;
        }
        else
        {
            Skipped++;
        }

        Finished++;
        return loss;
    }

    /// <summary>Everything that the next iteration depends on, but for the images.</summary>
    internal void Save(Stream to) => Safetensors.Write(to, [.. State()], new Dictionary<string, string>
    {
        [IterationKey] = Text(Finished),
        [SkippedKey] = Text(Skipped),
        [AdamStepsKey] = Text(_adam.Steps),
        [EmaUpdatesKey] = Text(Ema.Updates),
        [MeanLossKey] = (MeanLoss ?? double.NaN).ToString("R", CultureInfo.InvariantCulture),
        [RecipeKey] = RecipeText,
        [SeedKey] = Text(_seed),
    });

    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another recipe or seed.</exception>
    internal void Load(Stream checkpoint, string name)
    {
        using var stored = Safetensors.Read(checkpoint, name);
        if (stored.Metadata.GetValueOrDefault(RecipeKey) != RecipeText || Number(stored, SeedKey) != _seed)
            throw new InvalidDataException($"Checkpoint '{name}' belongs to another recipe or seed.");
        using var frozen = no_grad();
        foreach (var (key, value) in State())
        {
            using var found = stored.Tensor(key);
            value.copy_(found);
        }

        (Finished, Skipped, _adam.Steps, Ema.Updates) = (Number(stored, IterationKey), Number(stored, SkippedKey), Number(stored, AdamStepsKey), Number(stored, EmaUpdatesKey));
        MeanLoss = double.Parse(stored.Metadata[MeanLossKey], CultureInfo.InvariantCulture) is var mean && double.IsNaN(mean) ? null : mean;
    }

    public void Dispose()
    {
        _adam.Dispose();
        Ema.Dispose();
        Model.Dispose();
    }

    /// <summary>The joint case: rectified flow of the images under latent and label, and the labels' flow (lzn.md, section 3, case 3).</summary>
    private (Tensor Total, StepLoss Loss) Loss(long iteration)
    {
        var training = _recipe.Training;
        var batch = _batches.At(iteration);
        var (x1, labels) = (batch.Views[0], batch.Labels);                                      // [B, 3, S, S], [B]
        var anchors = Model.Encoder.call(x1);                                                   // [B, d]
        var prior = Normal(RandomStream.Prior, iteration, anchors.shape);
        var latents = LatentFlow.Of(_recipe.Flow).Forward(anchors, prior, arange(BatchSize, dtype: ScalarType.Int64));

        var right = LabelLoss.LogProbability(latents, labels, Model.LabelAnchors, LabelLoss.Frequencies(labels, _classes), _recipe.LabelFlow);
        var label = LabelLoss.Probability(right) * training.LabelLossWeight.Probability + LabelLoss.CrossEntropy(right) * training.LabelLossWeight.CrossEntropy;
        var total = label;
        var flow = double.NaN;
        if (iteration < training.DecoderIterations)
        {
            var decoded = DecoderLoss(iteration, x1, latents, labels);
            flow = decoded.item<float>();
            total = total + decoded;
        }

        return (total, new StepLoss(total.item<float>(), flow, label.item<float>()));
    }

    /// <summary>On the first images of the batch: the order is random, so these are as good as any.</summary>
    private Tensor DecoderLoss(long iteration, Tensor x1, Tensor latents, Tensor labels)
    {
        var count = Math.Min(_recipe.Training.DecoderBatchSize, BatchSize);
        var images = x1.narrow(0, 0, count);
        var x0 = Normal(RandomStream.Noise, iteration, images.shape);
        using var times = _draws.For(RandomStream.Time, iteration);
        var t = rand(count, generator: times) * (1 - RectifiedFlowLoss.Epsilon) + RectifiedFlowLoss.Epsilon;
        var oneHot = nn.functional.one_hot(labels.narrow(0, 0, count), _classes).to_type(ScalarType.Float32);
        return RectifiedFlowLoss.Of(Model.Decoder, images, x0, t, latents.narrow(0, 0, count), oneHot);
    }

    private Tensor Normal(RandomStream stream, long iteration, long[] shape)
    {
        using var generator = _draws.For(stream, iteration);
        return randn(shape, generator: generator);
    }

    private double LearningRate(string parameter)
    {
        var training = _recipe.Training;
        var warmth = training.WarmupIterations == 0 ? 1 : Math.Min(1.0, (Finished + 1.0) / training.WarmupIterations);
        var rates = training.LearningRate;
        if (parameter.StartsWith(JointModel.DecoderName, StringComparison.Ordinal))
            return Finished < training.DecoderIterations ? rates.Decoder * warmth : 0;
        return warmth * (parameter == JointModel.LabelAnchorsName ? rates.LabelAnchors : rates.Encoder);
    }

    private IEnumerable<KeyValuePair<string, Tensor>> State() =>
        Model.named_parameters().Select(each => KeyValuePair.Create<string, Tensor>(each.name, each.parameter)).Concat(Ema.Named()).Concat(_adam.Named());

    private string RecipeText => JsonSerializer.Serialize(_recipe, LznJson.Options);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(Safetensors stored, string key) => stored.Metadata.TryGetValue(key, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"The checkpoint's metadata lacks a number '{key}'.");
}
