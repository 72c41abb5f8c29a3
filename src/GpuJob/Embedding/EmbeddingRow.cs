using System.Text.Json.Serialization;

namespace LznPipeline.GpuJob.Embedding;

/// <summary>A row of an embedding file.</summary>
/// <param name="Id">The image's path in the dataset's source.</param>
/// <param name="Split">Empty where the source tells none.</param>
/// <param name="Predicted">Name of the class that the model reads from the image; null from models that know no labels.</param>
/// <param name="Vector">The image's anchor, [d].</param>
internal sealed record EmbeddingRow(string Id, string Split, int Label, string Class, string? Predicted, [property: JsonPropertyName("embedding")] ReadOnlyMemory<float> Vector);
