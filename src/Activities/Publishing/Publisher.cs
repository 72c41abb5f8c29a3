using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Publishing;

/// <summary>The ways in which results become visible: files first and once, then a manifest, then a pointer.</summary>
/// <remarks>
/// A published file is never replaced. When two runs make the same version at once, the first copy of each file stays, and manifests list what lies there: so
/// both write the same manifest, even where their own bytes differ in a last bit.
/// </remarks>
public sealed class Publisher(ArtifactStore store, ILogger<Publisher> log)
{
    private const int AtOnce = 8;

    /// <summary>Copies files from an attempt's folder to a published one, unless they are there.</summary>
    /// <param name="files">Named relative to both folders.</param>
    /// <returns>The files as they lie in the published folder, in the same order.</returns>
    /// <exception cref="InvalidDataException">A copy is not what the job's result says.</exception>
    internal async Task<StoredFile[]> CopyAsync(string from, string to, IReadOnlyList<StoredFile> files, CancellationToken stop)
    {
        var published = new StoredFile[files.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForAsync(
            0, files.Count, parallel, async (index, token) => published[index] = await CopyAsync($"{from}/{files[index].Name}", to, files[index], token));
        return published;
    }

    /// <summary>Copies one file, which may get another name.</summary>
    internal async Task<StoredFile> CopyAsync(string from, string to, StoredFile file, CancellationToken stop)
    {
        var target = $"{to}/{file.Name}";
        var ours = await store.CopyAsync(from, target, stop);
        var there = await DescribeAsync(target, file.Name, stop);
        if (!ours || there == file)
            return there;
        await store.DeleteAsync(target, stop);
        throw new InvalidDataException(
            $"'{from}' has {there.SizeBytes} bytes and SHA-256 {there.Sha256}, but the job's result says {file.SizeBytes} and {file.Sha256}. "
            + "It was changed or cut after the job wrote it.");
    }

    /// <summary>Writes a manifest unless there is one, and returns the one that is there.</summary>
    internal async Task<T> CommitAsync<T>(string name, T manifest, CancellationToken stop)
        where T : class
    {
        await store.CreateJsonAsync(name, manifest, stop);
        return await store.ReadJsonAsync<T>(name, stop);
    }

    /// <summary>Moves a pointer, by compare-and-swap.</summary>
    /// <param name="moves">Says from what is pointed at now, or null, whether it moves.</param>
    internal async Task PointAsync(string name, VersionPointer target, Func<VersionPointer?, Task<bool>> moves, CancellationToken stop)
    {
        while (true)
        {
            var cell = await store.FindCellAsync<VersionPointer>(name, stop);
            if (cell?.Value == target || !await moves(cell?.Value))
                return;
            if (await store.ReplaceJsonAsync(name, target, cell?.ETag, stop) is not null)
                return;
        }
    }

    internal Task PointAsync(string name, VersionPointer target, CancellationToken stop) => PointAsync(name, target, _ => Task.FromResult(true), stop);

    /// <summary>What is wrong with published files, or null when all are there with their length, and their checksum if <paramref name="read"/>.</summary>
    internal async Task<Damage?> FindDamageAsync(string folder, IEnumerable<StoredFile> files, bool read, CancellationToken stop)
    {
        Damage? damage = null;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForEachAsync(files, parallel, async (file, token) =>
        {
            var name = BlobLayout.In(folder, file.Name);
            var length = await store.LengthAsync(name, token);
            if (length is null)
                damage = new Damage(name, "is gone");
            else if (length != file.SizeBytes)
                damage = new Damage(name, $"has {length} bytes in place of {file.SizeBytes}");
            else if (read && await DescribeAsync(name, file.Name, token) != file)
                damage = new Damage(name, "has another checksum");
        });
        return damage;
    }

    /// <summary>Takes back what was published and then damaged by others, so that it can be made again under the same version.</summary>
    /// <param name="names">
    /// Blobs that say it is published, in the order in which they go; the damaged one goes before them, so that a killed withdrawal is noticed again.
    /// </param>
    internal async Task WithdrawAsync(string folder, Damage damage, IEnumerable<string> names, CancellationToken stop)
    {
        log.Withdrawn(folder, damage.ToString());
        foreach (var name in names.Prepend(damage.Blob))
            await store.DeleteAsync(name, stop);
    }

    private async Task<StoredFile> DescribeAsync(string blob, string name, CancellationToken stop)
    {
        var length = await store.LengthAsync(blob, stop) ?? throw new FileNotFoundException($"There is no blob '{blob}'.", blob);
        await using var content = await store.OpenReadAsync(blob, stop);
        return new StoredFile(name, length, await ContentHash.Sha256Async(content, stop));
    }
}

/// <summary>A published file that is not what its manifest says.</summary>
internal sealed record Damage(string Blob, string What)
{
    public override string ToString() => $"{Blob} {What}";
}
