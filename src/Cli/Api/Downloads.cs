using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Api;

/// <summary>Brings blobs to files.</summary>
internal static class Downloads
{
    /// <returns>The path, for convenience.</returns>
    internal static async Task<string> FetchAsync(ArtifactStore store, string blob, string path, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);        // callers give a file in a folder
        var aside = path + ".part";
        await using (var content = await store.OpenReadAsync(blob, stop))
        await using (var file = File.Create(aside))
            await content.CopyToAsync(file, stop);
        File.Move(aside, path, overwrite: true);
        return path;
    }
}
