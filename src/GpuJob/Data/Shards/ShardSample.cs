using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>One sample of a shard.</summary>
/// <param name="Key">Name without its ending, unique in the split.</param>
/// <param name="Image">The original JPEG or PNG file.</param>
/// <param name="Origin">KEY.json.</param>
internal sealed record ShardSample(string Key, int Label, ShardPart Image, ShardPart Origin);

/// <summary>A file in a shard.</summary>
/// <param name="Offset">Where its bytes begin in the shard.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShardPart(int Offset, int Length);
