namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>One sample of a shard.</summary>
/// <param name="Key">Name without its ending, unique in the split.</param>
/// <param name="Path">Where the image came from.</param>
/// <param name="Image">The original JPEG or PNG file.</param>
internal sealed record ShardSample(string Key, string Path, int Label, byte[] Image);
