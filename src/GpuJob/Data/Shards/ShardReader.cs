using System.Formats.Tar;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>Finds the samples of WebDataset shards.</summary>
internal static class ShardReader
{
    /// <summary>The samples in their order; their parts are told by place, so nothing is copied.</summary>
    /// <param name="name">Names the shard in messages.</param>
    /// <exception cref="InvalidDataException">The shard is damaged or lacks a part of a sample.</exception>
    internal static IEnumerable<ShardSample> Read(string name, ReadOnlyMemory<byte> shard)
    {
        var bytes = MemoryMarshal.TryGetArray(shard, out var array) ? array : new ArraySegment<byte>(shard.ToArray());
        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);     // never null: the segment is of an array
        using var reader = new TarReader(stream);
        var parts = new Dictionary<string, ShardPart>(StringComparer.Ordinal);
        var key = string.Empty;
        while (reader.GetNextEntry() is { } entry)
        {
            var dot = entry.Name.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || entry.EntryType is not TarEntryType.RegularFile)
                throw new InvalidDataException($"Shard '{name}' holds '{entry.Name}', which is no part of a sample.");
            if (parts.Count > 0 && entry.Name[..dot] != key)
                yield return Sample(name, shard, key, parts);
            key = entry.Name[..dot];
            parts[entry.Name[dot..]] = new ShardPart((int)entry.DataOffset, (int)entry.Length);
        }

        if (parts.Count > 0)
            yield return Sample(name, shard, key, parts);
    }

    private static ShardSample Sample(string name, ReadOnlyMemory<byte> shard, string key, Dictionary<string, ShardPart> parts)
    {
        if (PictureFormat.Endings.FirstOrDefault(parts.ContainsKey) is not { } ending
            || !parts.TryGetValue(".cls", out var label) || !parts.TryGetValue(".json", out var origin))
            throw new InvalidDataException($"Sample '{key}' of shard '{name}' needs KEY.jpg (or {string.Join(", ", PictureFormat.Endings.Skip(1))}), KEY.cls and KEY.json; it has {string.Join(", ", parts.Keys)}.");
        var image = parts[ending];
        parts.Clear();
        var text = Encoding.ASCII.GetString(shard.Span.Slice(label.Offset, label.Length));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ShardSample(key, number, image, origin)
            : throw new InvalidDataException($"Sample '{key}' of shard '{name}' has a label that is no number: '{text}'.");
    }
}
