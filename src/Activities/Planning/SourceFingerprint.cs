using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Planning;

/// <summary>Names the content of what a request starts from, so that the same images have the same name and changed ones another.</summary>
public sealed class SourceFingerprint(ArtifactStore store)
{
    /// <summary>
    /// Files below it in all are read; above, names, lengths and times stand for them, since reading terabytes to name them would be the work itself.
    /// </summary>
    private const long ReadUpToBytes = 1L << 30;

    /// <summary>As the jobs read: links are not followed.</summary>
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <param name="source">See <see cref="SourceAddress"/>.</param>
    /// <param name="field">Of the request, for the error.</param>
    /// <param name="allowed">What it may be, for the error.</param>
    /// <returns>SHA-256, hexadecimal.</returns>
    /// <exception cref="OptionsException">There is no such source.</exception>
    internal async Task<string> OfAsync(string source, string field, string allowed, CancellationToken stop) =>
        await FindAsync(source, stop) ?? throw new OptionsException(field, source, allowed);

    private async Task<string?> FindAsync(string source, CancellationToken stop)
    {
        if (SourceAddress.BlobOf(source) is { } blob)
            return await OfBlobAsync(blob, stop);
        if (new FileInfo(source) is { Exists: true, Length: > 0 } file)
            return await OfFilesAsync([file], Path.GetDirectoryName(Path.GetFullPath(source))!, stop);      // a file has a folder
        if (Directory.Exists(source))
            return await OfFilesAsync([.. new DirectoryInfo(source).EnumerateFiles("*", Everything)], source, stop);
        return null;
    }

    private async Task<string?> OfBlobAsync(string name, CancellationToken stop)
    {
        try
        {
            await using var content = await store.OpenReadAsync(name, stop);
            return await ContentHash.Sha256Async(content, stop);
        }
        catch (FileNotFoundException)
        {
            return null;
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
        await using var content = file.Length == 0 ? Stream.Null : file.OpenRead();     // a pipe has no length either, and opening one waits for its writer
        return await ContentHash.Sha256Async(content, stop);
    }
}
