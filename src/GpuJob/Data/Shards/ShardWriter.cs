using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using LznPipeline.Shared;

namespace LznPipeline.GpuJob.Data.Shards;

/// <summary>Builds one WebDataset shard in memory: KEY.jpg (or another image's ending), KEY.cls, KEY.json for each sample. The same samples give the same bytes.</summary>
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
