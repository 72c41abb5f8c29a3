using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Data.Shards;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Where a sample lies.</summary>
/// <param name="Shard">Number of its shard.</param>
/// <param name="Image">The image file in it.</param> <param name="Origin">KEY.json in it.</param>
/// <param name="Width">Of the image as its header tells; 0 when the header is damaged.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShardEntry(int Shard, ShardPart Image, ShardPart Origin, int Label, int Width, int Height);
