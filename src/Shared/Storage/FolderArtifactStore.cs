using System.Runtime.CompilerServices;
using LznPipeline.Shared.Hashing;

namespace LznPipeline.Shared.Storage;

/// <summary>The same container as a folder of files, so that a job runs on one machine without any storage service.</summary>
/// <remarks>
/// An ETag is the hash of the content. Files appear by rename or link, so readers never see half of one; one lock file guards replacing and appending.
/// </remarks>
public sealed class FolderArtifactStore(string root) : ArtifactStore
{
    private const string Aside = ".aside";

    /// <summary>No writer pauses for so long.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly string _root = Path.GetFullPath(root);

    /// <summary>Also removes what killed writers left, which may be large.</summary>
    public override Task EnsureAsync(CancellationToken stop)
    {
        foreach (var aside in Directory.CreateDirectory(_root).EnumerateFiles("*" + Aside, SearchOption.AllDirectories)
            .Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > Abandoned))
            aside.Delete();
        return Task.CompletedTask;
    }

    public override async Task<StoredContent?> FindAsync(string name, CancellationToken stop)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(PathOf(name), stop);
            return new StoredContent(new BinaryData(bytes), ContentHash.Sha256(bytes));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public override Task<long?> LengthAsync(string name, CancellationToken stop)
    {
        var file = new FileInfo(PathOf(name));
        return Task.FromResult<long?>(file.Exists ? file.Length : null);
    }

    public override Task<Stream> OpenReadAsync(string name, CancellationToken stop)
    {
        try
        {
            return Task.FromResult<Stream>(File.OpenRead(PathOf(name)));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no file '{name}' in '{_root}'.", name, missing);
        }
    }

    public override string? FileOf(string name) => PathOf(name) is var path && File.Exists(path) ? path : null;

    public override async Task<bool> CreateAsync(string name, Stream content, CancellationToken stop)
    {
        var path = PathOf(name);
        if (File.Exists(path))
            return false;
        var aside = await WriteAsideAsync(path, content, stop);
        try
        {
            File.Move(aside, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
            return false;
        }
    }

    public override async Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop)
    {
        await using var locked = await LockAsync(stop);
        if ((await FindAsync(name, stop))?.ETag != etag)
            return null;
        using var stream = content.ToStream();
        await WriteAsync(name, stream, stop);
        return ContentHash.Sha256(content.ToMemory().Span);
    }

    public override async Task WriteAsync(string name, Stream content, CancellationToken stop)
    {
        var path = PathOf(name);
        File.Move(await WriteAsideAsync(path, content, stop), path, overwrite: true);
    }

    public override async Task AppendAsync(string name, BinaryData content, CancellationToken stop)
    {
        await using var locked = await LockAsync(stop);
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);     // below the root, so it has a folder
        await File.AppendAllBytesAsync(path, content.ToMemory(), stop);
    }

    public override async Task<bool> CopyAsync(string from, string to, CancellationToken stop)
    {
        await using var source = await OpenReadAsync(from, stop);
        return await CreateAsync(to, source, stop);
    }

    public override async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;       // the interface is asynchronous for the sake of the network
        var folder = Path.Combine(_root, prefix[..(prefix.LastIndexOf('/') + 1)]);      // others have no such names
        var names = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_root, path).Replace('\\', '/'))
            : [];
        foreach (var name in names
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !name.EndsWith(Aside, StringComparison.Ordinal) && name != LockName)
            .Order(StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    public override Task DeleteAsync(string name, CancellationToken stop)
    {
        if (File.Exists(PathOf(name)))
            File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    private const string LockName = ".lock";

    private string PathOf(string name) => Path.Combine(_root, BlobName.Checked(name));

    private static async Task<string> WriteAsideAsync(string path, Stream content, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);     // below the root, so it has a folder
        var aside = $"{path}.{Guid.NewGuid():N}{Aside}";
        try
        {
            await using var file = File.Create(aside);
            await content.CopyToAsync(file, stop);
            await file.FlushAsync(stop);
            RandomAccess.FlushToDisk(file.SafeFileHandle);      // or a name could outlast its content when the machine fails
            return aside;
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>An exclusively opened file: the system frees it even when its owner is killed.</summary>
    private async Task<FileStream> LockAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(_root);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(_root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), stop);
            }
        }
    }
}
