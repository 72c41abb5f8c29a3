using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The course of training.</summary>
public sealed record TrainingRecipe
{
    private static readonly TimeSpan LongestBudget = TimeSpan.FromDays(365);

    /// <summary>Images whose zones share the latent space in one iteration.</summary>
    public required int BatchSize { get; init; }

    /// <summary>
    /// Images of each batch on which the decoder learns, at most <see cref="BatchSize"/>; null for all. Fewer make an iteration cheaper and its loss noisier.
    /// Of generation and the joint case.
    /// </summary>
    public int? DecoderBatchSize { get; init; }

    /// <summary>Iterations of encoder and label anchors, and so of the whole training.</summary>
    public required int Iterations { get; init; }

    /// <summary>
    /// Iterations after which the decoder's weights stay as they are, while encoder and label anchors go on; null for never. Of generation and the joint case.
    /// </summary>
    public int? DecoderIterations { get; init; }

    public required LearningRates LearningRate { get; init; }

    /// <summary>Iterations over which the learning rates rise in a straight line, from their value divided by this number. Published: 5000.</summary>
    public required int WarmupIterations { get; init; }

    /// <summary>Part of the iterations, at the end, over which the learning rates fall in a straight line towards zero. Published: 0.</summary>
    public double CoolDown { get; init; }

    /// <summary>Greatest decay of the EMA of the weights, which starts at 1/10.</summary>
    public required double EmaDecay { get; init; }

    /// <summary>Greatest norm of all gradients of a network together; longer ones are scaled to it.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>Iterations from one checkpoint to the next.</summary>
    public required int CheckpointEvery { get; init; }

    /// <summary>How many of the newest checkpoints are kept beside the best one. An older one goes when a newer one is safe.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Iterations from one picture of generated images to the next; 0 for none. Of generation and the joint case.</summary>
    public int SamplesEvery { get; init; }

    /// <summary>Whether curves and pictures are also written for TensorBoard.</summary>
    public bool TensorBoard { get; init; } = true;

    /// <summary>What networks are computed in.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>
    /// Parts of a batch that the networks take one after the other: as many times less memory for their activations,
    /// one more forward pass for it, the same gradients but for rounding. The latent space is that of the whole batch.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Whether feature maps have the channels of a place side by side. Changes results by rounding only.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>After this time training ends, as if it had all its iterations; null for never.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>The same training, whatever is seen and kept of it on the way.</summary>
    internal TrainingRecipe Identity() => this with { CheckpointEvery = 1, KeepCheckpoints = 1, SamplesEvery = 0, TensorBoard = false };

    internal void Validate(Problems problems, Objective objective)
    {
        problems.Unless(BatchSize is >= 2 and <= 65536, "training.batchSize", BatchSize, "2 to 65536");
        problems.Unless(DecoderBatchSize is not < 1 && !(DecoderBatchSize > BatchSize), "training.decoderBatchSize", DecoderBatchSize,
            $"1 to training.batchSize, here {BatchSize}, or null for all");
        problems.Unless(Iterations is >= 1 and <= 100_000_000, "training.iterations", Iterations, "1 to 100000000");
        problems.Unless(DecoderIterations is not < 0 && !(DecoderIterations > Iterations), "training.decoderIterations", DecoderIterations,
            $"0 to training.iterations, here {Iterations}, or null for all");
        problems.Unless(objective is not Objective.Representation || DecoderBatchSize is null, "training.decoderBatchSize", DecoderBatchSize,
            "null: objective representation has no decoder");
        problems.Unless(objective is not Objective.Representation || DecoderIterations is null, "training.decoderIterations", DecoderIterations,
            "null: objective representation has no decoder");
        LearningRate.Validate(problems, objective);
        problems.Unless(WarmupIterations >= 0, "training.warmupIterations", WarmupIterations, "0 or more");
        problems.Unless(CoolDown is >= 0 and <= 1, "training.coolDown", CoolDown, "0 to 1, a part of training.iterations");
        problems.Unless(EmaDecay is >= 0 and < 1, "training.emaDecay", EmaDecay, "from 0 to below 1");
        problems.Unless(ClipNorm is > 0 and <= 1e6, "training.clipNorm", ClipNorm, "above 0, up to 1000000");
        problems.Unless(CheckpointEvery >= 1, "training.checkpointEvery", CheckpointEvery, "1 or more");
        problems.Unless(KeepCheckpoints is >= 1 and <= 1000, "training.keepCheckpoints", KeepCheckpoints, "1 to 1000; the best one is kept besides");
        problems.Unless(SamplesEvery >= 0, "training.samplesEvery", SamplesEvery, "1 or more, or 0 for no pictures");
        problems.Unless(objective is not Objective.Representation || SamplesEvery <= 0, "training.samplesEvery", SamplesEvery,
            "0: objective representation has no decoder to draw with");
        problems.Unless(Accumulate >= 1 && Accumulate <= BatchSize, "training.accumulate", Accumulate, $"1 to training.batchSize, here {BatchSize}");
        problems.Unless(TimeBudget is null || (TimeBudget > TimeSpan.Zero && TimeBudget <= LongestBudget), "training.timeBudget", TimeBudget,
            "above 0, up to 365 days, such as \"00:15:00\" for 15 minutes; or null for none");
    }
}

/// <summary>Adam's learning rates after the warm-up, for each part that the objective trains.</summary>
public sealed record LearningRates
{
    public required double Encoder { get; init; }

    /// <summary>Of generation and the joint case.</summary>
    public double? Decoder { get; init; }

    /// <summary>Of the joint case.</summary>
    public double? LabelAnchors { get; init; }

    internal void Validate(Problems problems, Objective objective)
    {
        problems.ForObjective("training.learningRate.decoder", Decoder, objective, Objective.Generation, Objective.Joint);
        problems.ForObjective("training.learningRate.labelAnchors", LabelAnchors, objective, Objective.Joint);
        foreach (var (field, given) in new[] { ("encoder", Encoder), ("decoder", Decoder), ("labelAnchors", LabelAnchors) })
            problems.Unless(given is null or (> 0 and <= 1), $"training.learningRate.{field}", given, "above 0, up to 1");
    }
}

/// <summary>The type that networks are computed in while they train. Weights, losses and the latent flow are float32 or wider in any case.</summary>
public enum Precision
{
#pragma warning disable CA1720 // the names are those of the types, as users write them
    Float32,
#pragma warning restore CA1720

    /// <summary>The range of float32 with 8 bits of precision.</summary>
    Bfloat16,

    /// <summary>11 bits of precision in a small range, for which the loss is scaled.</summary>
    Float16,
}
