using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The course of training.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Images whose zones share the latent space in one iteration.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Images of each batch on which the decoder learns: at most <see cref="BatchSize"/>. Fewer make an iteration cheaper and its loss noisier.</summary>
    public required int DecoderBatchSize { get; init; }

    /// <summary>Steps of the optimizer for encoder and label anchors.</summary>
    public required int Iterations { get; init; }

    /// <summary>Steps of the decoder; after them only encoder and label anchors go on, by the label loss.</summary>
    public required int DecoderIterations { get; init; }

    public required LearningRates LearningRate { get; init; }

    /// <summary>Iterations over which the learning rates rise in a straight line, from their value divided by this number.</summary>
    public required int WarmupIterations { get; init; }

    /// <summary>Parts of the two forms of the label loss in the whole loss.</summary>
    public required LabelLossWeights LabelLossWeight { get; init; }

    /// <summary>Greatest decay of the running mean of the weights, which starts at 1/10.</summary>
    public required double EmaDecay { get; init; }

    /// <summary>Greatest norm of all gradients of a network together; longer ones are scaled to it.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>Iterations from one checkpoint to the next.</summary>
    public required int CheckpointEvery { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(BatchSize is >= 2 and <= 65536, "training.batchSize", BatchSize, "2 to 65536");
        problems.Unless(DecoderBatchSize >= 1 && DecoderBatchSize <= BatchSize, "training.decoderBatchSize", DecoderBatchSize, $"1 to training.batchSize, here {BatchSize}");
        problems.Unless(Iterations is >= 1 and <= 100_000_000, "training.iterations", Iterations, "1 to 100000000");
        problems.Unless(DecoderIterations >= 0 && DecoderIterations <= Iterations, "training.decoderIterations", DecoderIterations, $"0 to training.iterations, here {Iterations}");
        LearningRate.Validate(problems);
        problems.Unless(WarmupIterations >= 0, "training.warmupIterations", WarmupIterations, "0 or more");
        LabelLossWeight.Validate(problems);
        problems.Unless(EmaDecay is >= 0 and < 1, "training.emaDecay", EmaDecay, "from 0 to below 1");
        problems.Unless(ClipNorm is > 0 and <= 1e6, "training.clipNorm", ClipNorm, "above 0, up to 1000000");
        problems.Unless(CheckpointEvery >= 1, "training.checkpointEvery", CheckpointEvery, "1 or more");
    }
}

/// <summary>Weights of the label loss's forms. The published runs use 1 and 0.</summary>
public sealed record LabelLossWeights
{
    /// <summary>Of minus the probability of the right label.</summary>
    public required double Probability { get; init; }

    /// <summary>Of minus the logarithm of that probability.</summary>
    public required double CrossEntropy { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Probability is >= 0 and <= 1000, "training.labelLossWeight.probability", Probability, "0 to 1000");
        problems.Unless(CrossEntropy is >= 0 and <= 1000, "training.labelLossWeight.crossEntropy", CrossEntropy, "0 to 1000");
        problems.Unless(Probability > 0 || CrossEntropy > 0, "training.labelLossWeight", "0 for both forms", "at least one above 0");
    }
}

/// <summary>Adam's learning rates after the warm-up.</summary>
public sealed record LearningRates
{
    public required double Encoder { get; init; }

    public required double Decoder { get; init; }

    public required double LabelAnchors { get; init; }

    internal void Validate(Problems problems)
    {
        foreach (var (field, given) in new[] { ("encoder", Encoder), ("decoder", Decoder), ("labelAnchors", LabelAnchors) })
            problems.Unless(given is > 0 and <= 1, $"training.learningRate.{field}", given, "above 0, up to 1");
    }
}
