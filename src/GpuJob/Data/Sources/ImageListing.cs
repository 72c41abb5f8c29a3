namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>What a source has.</summary>
/// <param name="Images">In no order to rely on.</param>
/// <param name="Classes">In the order of their labels; null for the order of their names.</param>
internal sealed record ImageListing(IReadOnlyList<SourceImage> Images, IReadOnlyList<string>? Classes = null);
