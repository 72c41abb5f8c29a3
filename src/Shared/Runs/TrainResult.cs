namespace LznPipeline.Shared.Runs;

/// <summary>What a finished run made: the output of its orchestration.</summary>
public sealed record TrainResult(DatasetRef Dataset, ModelRef Model, SortedDictionary<string, double> Metrics, EmbeddingsRef Embeddings);
