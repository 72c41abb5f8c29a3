using System.Formats.Tar;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.Shared;

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
            throw new InvalidDataException(
                $"Sample '{key}' of shard '{name}' needs KEY.jpg (or {string.Join(", ", PictureFormat.Endings.Skip(1))}), KEY.cls and KEY.json; "
                + $"it has {string.Join(", ", parts.Keys)}.");
        var image = parts[ending];
        parts.Clear();
        var text = Encoding.ASCII.GetString(shard.Span.Slice(label.Offset, label.Length));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ShardSample(key, number, image, origin)
            : throw new InvalidDataException($"Sample '{key}' of shard '{name}' has a label that is no number: '{text}'.");
    }
}

/// <summary>
/// Builds one WebDataset shard in memory: KEY.jpg (or another image's ending), KEY.cls, KEY.json for each sample. The same samples give the same bytes.
/// </summary>
internal sealed class ShardWriter : IDisposable
{
    private const int MaxImages = 500;
    private const long MaxBytes = 64L << 20;

    private readonly MemoryStream _bytes = new();
    private readonly TarWriter _tar;

    internal ShardWriter() => _tar = new TarWriter(_bytes, TarEntryFormat.Ustar, leaveOpen: true);

    internal int Images { get; private set; }

    internal bool IsFull => Images == MaxImages || _bytes.Length >= MaxBytes;

    /// <param name="ending">Of the image file, with its dot.</param>
    /// <param name="path">Where the image came from.</param>
    internal void Add(string key, string ending, byte[] image, int label, string path)
    {
        Write(key + ending, image);
        Write(key + ".cls", Encoding.ASCII.GetBytes($"{label}"));
        Write(key + ".json", JsonSerializer.SerializeToUtf8Bytes(new SampleOrigin(path), LznJson.Options));
        Images++;
    }

    /// <summary>Ends the archive. Nothing can be added after it.</summary>
    internal byte[] Finish()
    {
        _tar.Dispose();
        return _bytes.ToArray();
    }

    public void Dispose()
    {
        _tar.Dispose();
        _bytes.Dispose();
    }

    private void Write(string name, byte[] content)
    {
        using var data = new MemoryStream(content, writable: false);
        _tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = data,
            ModificationTime = DateTimeOffset.UnixEpoch,        // the default is now, and would change the hash
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
    }
}
