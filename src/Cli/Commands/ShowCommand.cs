using System.CommandLine;
using LznPipeline.Cli.Api;
using LznPipeline.Cli.Hosting;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn show</c>: what stands in a parquet file, or which embeddings are published.</summary>
internal static class ShowCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var what = new Argument<string>("WHAT") { Description = "A parquet file here, a blob name that ends in .parquet, or 'embeddings' for a list of all that are published." };
        var rows = new Option<int>("--rows") { Description = "How many rows to show.", DefaultValueFactory = _ => 3 };
        var command = new Command("show", "Show schema and first rows of embeddings.") { what, rows, place.Storage };
        command.SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetRequiredValue(what);
            if (name == "embeddings")
            {
                await ListAsync(await place.StoreAsync(parsed, stop), stop);
                return;
            }

            var path = File.Exists(name) ? name : await FetchAsync(await place.StoreAsync(parsed, stop), name, stop);
            await ParquetTable.WriteAsync(AnsiConsole.Console, path, parsed.GetValue(rows), stop);
        });
        return command;
    }

    private static async Task ListAsync(ArtifactStore store, CancellationToken stop)
    {
        await foreach (var name in store.ListAsync("embeddings/", stop))
        {
            if (!name.EndsWith($"/{BlobLayout.EmbeddingManifest}", StringComparison.Ordinal))
                continue;
            var manifest = await store.ReadJsonAsync<EmbeddingManifest>(name, stop);
            var (dimension, dtype) = (manifest.Identity.Dimension, manifest.Identity.Dtype);
            AnsiConsole.MarkupLineInterpolated($"{Path.GetDirectoryName(name)}/  {manifest.Rows} rows of {dimension} {dtype}, {manifest.Parts.Length} part(s)");
        }
    }

    private static async Task<string> FetchAsync(ArtifactStore store, string name, CancellationToken stop)
    {
        if (await store.LengthAsync(name, stop) is null)
            throw new CliException($"'{name}' is neither a file here nor a blob. './lzn show embeddings' lists what is published.");
        return await Downloads.FetchAsync(store, name, Path.Combine(Repository.State, "downloads", name), stop);
    }
}
