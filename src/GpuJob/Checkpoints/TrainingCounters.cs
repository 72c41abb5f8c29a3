using LznPipeline.GpuJob.Optimization;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>How far a model is trained: with the weights, the moments and the recipe all that decides the next iteration.</summary>
internal sealed record TrainingCounters
{
    /// <summary>Of all random numbers; null when the weights were trained by another program, whose random numbers are not ours.</summary>
    public required long? Seed { get; init; }

    /// <summary>Whole passes over the images.</summary>
    public required long Epoch { get; init; }

    /// <summary>Iterations done.</summary>
    public required long Iteration { get; init; }

    /// <summary>Those whose loss or gradient was no finite number. The schedule of the learning rates counts only the others.</summary>
    public required long Skipped { get; init; }

    /// <summary>Of about the last fifty iterations.</summary>
    public required double? MeanLoss { get; init; }

    /// <summary>By part of the model: encoder, decoder, label_anchors.</summary>
    public required SortedDictionary<string, long> AdamSteps { get; init; }

    /// <summary>Updates of the running means, by part.</summary>
    public required SortedDictionary<string, long> EmaUpdates { get; init; }

    /// <summary>Of a training in float16.</summary>
    public LossScaleState? LossScale { get; init; }

    /// <summary>Time spent so far; of a training with a time budget.</summary>
    public TimeSpan? Spent { get; init; }

    internal long ScheduleSteps => Iteration - Skipped;
}
