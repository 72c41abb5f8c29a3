using System.Text.Json;
using LznPipeline.Shared;

namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>Content of a sample's KEY.json.</summary>
/// <param name="Path">Where the image came from, relative to the dataset's source.</param>
internal sealed record SampleOrigin(string Path)
{
    /// <param name="shard">Names the shard in messages.</param>
    /// <exception cref="InvalidDataException">It is not what it should be.</exception>
    internal static SampleOrigin Parse(ReadOnlySpan<byte> json, string shard)
    {
        try
        {
            return JsonSerializer.Deserialize<SampleOrigin>(json, LznJson.Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"A KEY.json of shard '{shard}' cannot be read: {wrong.Message}", wrong);
        }
    }
}
