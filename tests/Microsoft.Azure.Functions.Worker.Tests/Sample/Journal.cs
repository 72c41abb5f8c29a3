using System.Collections.Concurrent;

namespace Microsoft.Azure.Functions.Worker.Tests.Sample;

/// <summary>What the sample's functions did, in order.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Write(string line) => _lines.Enqueue(line);

    public int Count(string line) => _lines.Count(written => written == line);
}
