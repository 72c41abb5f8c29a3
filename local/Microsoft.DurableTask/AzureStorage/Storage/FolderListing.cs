using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Lzn.Durable.Storage;

/// <summary>
/// A long listing of blobs, read once from its beginning, that tells what lies in some folders after another: for many instances it takes the place of a
/// listing for each. It holds what is asked for now, and what it came past that may be asked for next.
/// </summary>
/// <param name="root">Ends with a slash. Folders lie directly below it.</param>
internal sealed class FolderListing(BlobContainerClient container, string root, CancellationToken stop) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<BlobItem> _blobs = container.GetBlobsAsync(prefix: root, cancellationToken: stop).GetAsyncEnumerator(stop);
    private readonly Dictionary<string, List<string>> _read = [];
    private string _reached = "";

    /// <summary>Reads on as far as these folders are.</summary>
    /// <param name="folders">With root and slash. In about the order of the listing from call to call; of what was passed nothing is known.</param>
    public async Task AdvanceAsync(IReadOnlyCollection<string> folders)
    {
        var (first, last) = (folders.Min(StringComparer.Ordinal)!, folders.Max(StringComparer.Ordinal)!); // not empty, else nothing is asked
        foreach (var passed in _read.Keys.Where(folder => string.CompareOrdinal(folder, first) < 0).ToList())
            _read.Remove(passed);
        while (string.CompareOrdinal(_reached, last) <= 0 && await _blobs.MoveNextAsync().ConfigureAwait(false))
        {
            var name = _blobs.Current.Name;
            _reached = name[..(name.IndexOf('/', root.Length) + 1)];
            if (string.CompareOrdinal(_reached, first) < 0)
                continue;
            if (!_read.TryGetValue(_reached, out var blobs))
                _read.Add(_reached, blobs = []);
            blobs.Add(name);
        }
    }

    /// <summary>What lay in a folder when the listing came past; nothing if it did not.</summary>
    public IReadOnlyList<string> Of(string folder) => _read.GetValueOrDefault(folder) ?? [];

    public ValueTask DisposeAsync() => _blobs.DisposeAsync();
}
