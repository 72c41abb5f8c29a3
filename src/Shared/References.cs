namespace LznPipeline.Shared;

/// <summary>A dataset in storage.</summary>
public sealed record DatasetRef(string Name, string Version);

/// <summary>A registered model.</summary>
public sealed record ModelRef(string Name, string Version);

/// <summary>Published embeddings: one model's vectors for one dataset.</summary>
/// <param name="Folder">Blob prefix that holds the parts, <c>_manifest.json</c> and <c>_SUCCESS</c>.</param>
public sealed record EmbeddingsRef(string Folder, int Parts, long Rows, int Dimension);
