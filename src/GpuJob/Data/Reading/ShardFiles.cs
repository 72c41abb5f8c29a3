using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Win32.SafeHandles;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Shards as files of this machine that can be read in any order: where they lie in a folder store, otherwise in a copy.</summary>
/// <param name="cache">Folder for copies that stay; null for copies that are gone with their last reader.</param>
internal sealed class ShardFiles(ArtifactStore store, string? cache)
{
    /// <summary>Opens a shard, and reads all of it to check that it is the one meant.</summary>
    /// <returns>The open file, and its content.</returns>
    /// <exception cref="BadInputException">It is missing, or its content is another.</exception>
    internal async Task<(SafeFileHandle File, byte[] Content)> OpenAsync(string name, StoredFile expected, CancellationToken stop)
    {
        if (store.FileOf(name) is { } inStore)
            return Open(inStore, expected) ?? throw Changed(name);
        var kept = cache is null ? null : Path.Combine(cache, $"{expected.Sha256}.tar");
        if (kept is not null && File.Exists(kept) && Open(kept, expected) is { } copy)
            return copy;        // a copy that is damaged is fetched again
        return await FetchAsync(name, expected, kept, stop);
    }

    private async Task<(SafeFileHandle File, byte[] Content)> FetchAsync(string name, StoredFile expected, string? kept, CancellationToken stop)
    {
        var found = await store.FindAsync(name, stop) ?? throw new BadInputException($"The dataset lacks its shard '{name}'.");
        var content = found.Content.ToArray();
        if (!Whole(content, expected))
            throw Changed(name);
        var folder = cache is null ? Path.GetTempPath() : Directory.CreateDirectory(cache).FullName;
        var aside = Path.Combine(folder, $"{expected.Sha256}.{Path.GetRandomFileName()}");
        try
        {
            await File.WriteAllBytesAsync(aside, content, stop);
            var file = OpenHandle(aside);
            if (kept is not null)
                File.Move(aside, kept, overwrite: true);
            return (file, content);
        }
        finally
        {
            File.Delete(aside);     // an open file stays readable until it is closed, and a killed program leaves nothing behind
        }
    }

    /// <returns>Null when the file is not what is expected.</returns>
    private static (SafeFileHandle File, byte[] Content)? Open(string path, StoredFile expected)
    {
        var file = OpenHandle(path);
        if (RandomAccess.GetLength(file) == expected.SizeBytes)
        {
            var content = GC.AllocateUninitializedArray<byte>((int)expected.SizeBytes);
            for (int done = 0, read; done < content.Length && (read = RandomAccess.Read(file, content.AsSpan(done), done)) > 0;)
                done += read;
            if (Whole(content, expected))
                return (file, content);
        }

        file.Dispose();
        return null;
    }

    private static SafeFileHandle OpenHandle(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static bool Whole(byte[] content, StoredFile expected) => ContentHash.Sha256(content) == expected.Sha256;

    private static BadInputException Changed(string name) => new($"Shard '{name}' has not the SHA-256 that its manifest says: it was changed or damaged.");
}
