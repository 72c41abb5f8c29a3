using System.CommandLine;
using LznPipeline.Cli.Api;
using LznPipeline.Cli.Hosting;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn show</c>: what stands in a parquet file, which embeddings and models are published, and where a model's report lies.</summary>
internal static class ShowCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var what = new Argument<string>("WHAT")
        {
            Description = "A parquet file here, a blob name (a parquet file is shown, any other, such as a model's report.html, is brought here), "
                + "or 'embeddings' or 'models' for a list of all that are published."
        };
        var rows = new Option<int>("--rows") { Description = "How many rows to show.", DefaultValueFactory = _ => 3 };
        var command = new Command("show", "Show embeddings, models and their reports.") { what, rows, place.Storage };
        command.SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetRequiredValue(what);
            if (name is "embeddings" or "models")
            {
                var store = await place.StoreAsync(parsed, stop);
                await (name == "models" ? ModelsAsync(store, stop) : EmbeddingsAsync(store, stop));
                return;
            }

            var path = File.Exists(name) ? name : await FetchAsync(await place.StoreAsync(parsed, stop), name, stop);
            if (path.EndsWith(".parquet", StringComparison.Ordinal))
                await ParquetTable.WriteAsync(AnsiConsole.Console, path, parsed.GetValue(rows), stop);
            else
                AnsiConsole.WriteLine(path);
        });
        return command;
    }

    private static async Task ModelsAsync(ArtifactStore store, CancellationToken stop)
    {
        await foreach (var line in RegisteredModels.DescribeAsync(store, stop))
            AnsiConsole.WriteLine(line);
    }

    private static async Task EmbeddingsAsync(ArtifactStore store, CancellationToken stop)
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
            throw new CliException($"'{name}' is neither a file here nor a blob. './lzn show embeddings' and './lzn show models' list what is published.");
        return await Downloads.FetchAsync(store, name, Path.Combine(Repository.State, "downloads", name), stop);
    }
}
