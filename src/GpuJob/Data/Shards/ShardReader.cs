using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LznPipeline.Shared;

namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>Reads WebDataset shards.</summary>
internal static class ShardReader
{
    /// <summary>The samples in their order.</summary>
    /// <param name="name">Names the shard in messages.</param>
    /// <exception cref="InvalidDataException">The shard is damaged or lacks a part of a sample.</exception>
    internal static IEnumerable<ShardSample> Read(string name, Stream shard)
    {
        using var reader = new TarReader(shard, leaveOpen: true);
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var key = string.Empty;
        while (reader.GetNextEntry() is { } entry)
        {
            var dot = entry.Name.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || entry.EntryType is not TarEntryType.RegularFile)
                throw new InvalidDataException($"Shard '{name}' holds '{entry.Name}', which is no part of a sample.");
            if (parts.Count > 0 && entry.Name[..dot] != key)
                yield return Sample(name, key, parts);
            key = entry.Name[..dot];
            parts[entry.Name[dot..]] = Bytes(entry);
        }

        if (parts.Count > 0)
            yield return Sample(name, key, parts);
    }

    private static ShardSample Sample(string shard, string key, Dictionary<string, byte[]> parts)
    {
        if (!(parts.TryGetValue(".jpg", out var image) || parts.TryGetValue(".png", out image))
            || !parts.TryGetValue(".cls", out var label) || !parts.TryGetValue(".json", out var origin))
            throw new InvalidDataException($"Sample '{key}' of shard '{shard}' needs KEY.jpg or KEY.png, KEY.cls and KEY.json; it has {string.Join(", ", parts.Keys)}.");
        parts.Clear();
        if (!int.TryParse(Encoding.ASCII.GetString(label), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new InvalidDataException($"Sample '{key}' of shard '{shard}' has a label that is no number: '{Encoding.UTF8.GetString(label)}'.");
        return new ShardSample(key, Origin(shard, key, origin).Path, number, image);
    }

    private static SampleOrigin Origin(string shard, string key, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<SampleOrigin>(json, LznJson.Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"KEY.json of sample '{key}' of shard '{shard}' cannot be read: {wrong.Message}", wrong);
        }
    }

    private static byte[] Bytes(TarEntry entry)
    {
        var bytes = new byte[entry.Length];
        entry.DataStream?.ReadExactly(bytes);
        return bytes;
    }
}
