using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Planning;

/// <summary>Names the content of a dataset's source, so that the same images have the same name and changed ones another.</summary>
public sealed class SourceFingerprint(ArtifactStore store)
{
    private const string Blob = "blob:";

    /// <summary>Files below it in all are read; above, names, lengths and times stand for them, since reading terabytes to name them would be the work itself.</summary>
    private const long ReadUpToBytes = 1L << 30;

    /// <returns>SHA-256, hexadecimal.</returns>
    /// <exception cref="OptionsException">There is no such source.</exception>
    internal async Task<string> OfAsync(DatasetRequest dataset, CancellationToken stop)
    {
        var source = dataset.Source;
        if (source.StartsWith(Blob, StringComparison.Ordinal))
            return await OfBlobAsync(source[Blob.Length..], source, stop);
        if (File.Exists(source))
            return await OfFilesAsync([new FileInfo(source)], Path.GetDirectoryName(Path.GetFullPath(source))!, stop);      // a file has a folder
        if (Directory.Exists(source))
            return await OfFilesAsync([.. new DirectoryInfo(source).EnumerateFiles("*", SearchOption.AllDirectories)], source, stop);
        throw Missing(source);
    }

    private async Task<string> OfBlobAsync(string name, string source, CancellationToken stop)
    {
        try
        {
            await using var content = await store.OpenReadAsync(name, stop);
            return await ContentHash.Sha256Async(content, stop);
        }
        catch (FileNotFoundException)
        {
            throw Missing(source);
        }
    }

    private static async Task<string> OfFilesAsync(FileInfo[] files, string root, CancellationToken stop)
    {
        var read = files.Sum(file => file.Length) <= ReadUpToBytes;
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            all.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(root, file.FullName)}\n{await ContentOfAsync(file, read, stop)}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static async Task<string> ContentOfAsync(FileInfo file, bool read, CancellationToken stop)
    {
        if (!read)
            return string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");
        await using var content = file.OpenRead();
        return await ContentHash.Sha256Async(content, stop);
    }

    private static OptionsException Missing(string source) =>
        new("dataset.source", source, "a folder or tar file that is there and can be read by this app and its jobs, or blob:NAME of a tar in the container");
}
