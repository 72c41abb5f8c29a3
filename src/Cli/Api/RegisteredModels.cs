using System.Runtime.CompilerServices;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Api;

/// <summary>What the registry holds, in words.</summary>
internal static class RegisteredModels
{
    private const string ManifestEnd = "/model.json";

    /// <summary>A line for each registered model: where its report lies, the figure that decides, and whether it is the champion of its name.</summary>
    internal static async IAsyncEnumerable<string> DescribeAsync(ArtifactStore store, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var name in store.ListAsync("models/", stop))
        {
            if (name.EndsWith(ManifestEnd, StringComparison.Ordinal))
                yield return await DescribeAsync(store, name, stop);
        }
    }

    private static async Task<string> DescribeAsync(ArtifactStore store, string manifest, CancellationToken stop)
    {
        try
        {
            var model = await store.ReadJsonAsync<ModelManifest>(manifest, stop);
            var champion = await store.FindJsonAsync<VersionPointer>(BlobLayout.ModelChampion(model.Name), stop);
            var figure = model.Metrics.TryGetValue(model.Primary.Name, out var value) ? value.ToString("0.####") : "not measured";
            return $"{BlobLayout.ModelFolder(model.Name, model.Version)}/{model.Report.Name}  "
                + $"{model.Primary.Name} {figure}{(champion?.Version == model.Version ? ", champion" : "")}";
        }
        catch (InvalidDataException)
        {
            return $"{manifest}  of an older format";
        }
    }
}
