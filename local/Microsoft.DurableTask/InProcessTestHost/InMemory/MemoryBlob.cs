namespace Lzn.Durable.InMemory;

/// <summary>A blob, block or append.</summary>
internal sealed class MemoryBlob(bool isAppend, DateTimeOffset now)
{
    private readonly List<byte> _content = [];

    public bool IsAppend => isAppend;

    public string Type => isAppend ? "AppendBlob" : "BlockBlob";

    public Dictionary<string, string> Metadata { get; set; } = [];

    public string Tag { get; private set; } = "";

    public DateTimeOffset Modified { get; private set; } = now;

    public MemoryLease Lease { get; init; } = new();

    public long Length => _content.Count;

    public void Append(byte[] bytes) => _content.AddRange(bytes);

    public byte[] Read(long from, long count) => [.. System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_content).Slice((int)from, (int)count)];

    public void Changed(string tag, DateTimeOffset at) => (Tag, Modified) = (tag, at);
}
