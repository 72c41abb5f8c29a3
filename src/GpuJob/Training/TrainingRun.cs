using System.Globalization;
using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data.Batches;
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
    private readonly long _seed;
    private readonly Draws _draws;
    private readonly IObjective _objective;
    private readonly Adam _adam;

    /// <param name="batches">Not disposed with this.</param>
    internal TrainingRun(Recipe recipe, IBatchSource batches, int classes, long seed)
    {
        (_recipe, _batches, _seed, _draws) = (recipe, batches, seed, new Draws(seed));
        using var weights = _draws.For(RandomStream.Weights, 0);
        Model = new LznModel(recipe, classes, weights);
        _objective = IObjective.Of(recipe, Model, _draws);
        _adam = new Adam(Model.named_parameters());
        Ema = new MovingAverage(Model.named_parameters(), recipe.Training.EmaDecay);
    }

    internal LznModel Model { get; }

    internal MovingAverage Ema { get; }

    internal int BatchSize => _batches.BatchSize;

    /// <summary>Iterations done.</summary>
    internal long Finished { get; private set; }

    /// <summary>Names of what a <see cref="StepReport"/> holds beside the loss.</summary>
    internal IReadOnlyList<string> Quantities => _objective.Quantities;

    /// <summary>Iterations whose loss or gradient was no finite number.</summary>
    internal long Skipped { get; private set; }

    /// <summary>Mean loss of about the last fifty iterations.</summary>
    internal double? MeanLoss { get; private set; }

    /// <summary>One iteration. A loss or gradient that is no finite number changes nothing but the counters.</summary>
    internal StepReport Step()
    {
        using var scope = NewDisposeScope();        // every tensor of the step ends here
        manual_seed(_draws.Seed(RandomStream.Dropout, Finished));       // dropout draws from the generator of the process
        FreezeDecoder();
        var loss = _objective.Loss(_batches.At(Finished), Finished);
        var total = loss.Total.item<float>();
        var norm = double.IsFinite(total) ? Learn(loss.Total) : double.NaN;
        if (double.IsFinite(norm))
            MeanLoss = MeanLoss is { } mean ? mean + Freshness * (total - mean) : total;
        else
            Skipped++;
        Finished++;
        return new StepReport(total, [.. loss.Quantities.Select(quantity => (double)quantity.item<float>())], norm, !double.IsFinite(norm));
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

    /// <summary>Once the decoder has learned enough, it only passes on to the encoder what an image needs of its latent.</summary>
    private void FreezeDecoder()
    {
        if (Finished < DecoderIterations || Model.Decoder is null)
            return;
        foreach (var parameter in Model.Decoder.parameters())
            parameter.requires_grad = false;
    }

    /// <returns>Norm of the gradients; if it is not finite, nothing was changed.</returns>
    private double Learn(Tensor loss)
    {
        _adam.ZeroGradients();
        loss.backward();
        var norm = _adam.Step(LearningRate, _recipe.Training.ClipNorm);
        if (double.IsFinite(norm))
            Ema.Update(Learns);
        return norm;
    }

    private double LearningRate(string parameter)
    {
        if (!Learns(parameter))
            return 0;
        var rates = _recipe.Training.LearningRate;
        var rate = LznModel.PartOf(parameter) switch
        {
            LznModel.DecoderName => rates.Decoder!.Value,                       // who has these parts has their rates
            LznModel.LabelAnchorsName => rates.LabelAnchors!.Value,
            _ => rates.Encoder,
        };
        return rate * Warmth(_adam.Steps, _recipe.Training.WarmupIterations);
    }

    /// <summary>Factor of the learning rates: 1 / warm-up at first, 1 after so many steps, a straight line between.</summary>
    private static double Warmth(long steps, int warmup) => steps >= warmup ? 1 : (1 + (warmup - 1.0) * steps / warmup) / warmup;

    /// <summary>Whether the weights of a parameter still change.</summary>
    private bool Learns(string parameter) => LznModel.PartOf(parameter) != LznModel.DecoderName || Finished < DecoderIterations;

    private int DecoderIterations => _recipe.Training.DecoderIterations ?? int.MaxValue;

    private IEnumerable<KeyValuePair<string, Tensor>> State() =>
        Model.named_parameters().Select(each => KeyValuePair.Create<string, Tensor>(each.name, each.parameter)).Concat(Ema.Named()).Concat(_adam.Named());

    private string RecipeText => JsonSerializer.Serialize(_recipe, LznJson.Options);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(Safetensors stored, string key) => stored.Metadata.TryGetValue(key, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"The checkpoint's metadata lacks a number '{key}'.");
}
