namespace LznPipeline.Shared.Manifests;

/// <summary>A file and how to know that it is whole.</summary>
/// <param name="Name">Relative to the folder of the manifest or result that lists it, with forward slashes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record StoredFile(string Name, long SizeBytes, string Sha256);
