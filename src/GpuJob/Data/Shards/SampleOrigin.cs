namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>Content of a sample's KEY.json.</summary>
/// <param name="Path">Where the image came from, relative to the dataset's source.</param>
internal sealed record SampleOrigin(string Path);
