using LznPipeline.Cli.Api;
using LznPipeline.Cli.Hosting;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Spectre.Console;

namespace LznPipeline.Cli.Demo;

/// <summary>What the demo shows at its end: figures, files, and where to look further.</summary>
internal static class DemoReport
{
    private const int RowsShown = 3;

    internal static async Task WriteAsync(ArtifactStore store, RunDetail run, TrainResult result, CancellationToken stop)
    {
        var folder = Path.Combine(Repository.State, "demo", run.RunId);
        await WriteFigureAsync(store, result, stop);
        await WriteSamplesAsync(store, result.Model, folder, stop);
        await WriteEmbeddingsAsync(store, result.Embeddings, folder, stop);
    }

    internal static void WriteNextCommands(string run, EmbeddingsRef embeddings, bool running)
    {
        var commands = new Table().Border(TableBorder.None).HideHeaders().AddColumns("command", "what");
        if (!running)
            commands.AddRow("./lzn up", "first, in another terminal: storage and host stay up");
        commands.AddRow($"./lzn status {run}", "its steps");
        commands.AddRow($"./lzn explain {run}", "what was made, what was reused, and why");
        commands.AddRow($"./lzn logs {run} train", "the training log");
        commands.AddRow($"./lzn show {embeddings.Folder}/{BlobLayout.EmbeddingPart(0)}", "the embeddings");
        AnsiConsole.MarkupLine("[bold]Look further[/]");
        AnsiConsole.Write(commands);
    }

    private static async Task WriteFigureAsync(ArtifactStore store, TrainResult result, CancellationToken stop)
    {
        var dataset = await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(result.Dataset.Name, result.Dataset.Version), stop);
        var (train, test) = (dataset.Splits["train"].Images, dataset.Splits["test"].Images);
        if (result.Metrics.TryGetValue(MetricNames.Accuracy, out var accuracy))
        {
            AnsiConsole.MarkupLineInterpolated(
                $"[bold]Accuracy[/] on {test} held-out images: [bold green]{accuracy:P1}[/] (chance {
                    1.0 / dataset.Classes.Length:P1}; trained on {train} images)");
        }
        else
        {
            AnsiConsole.MarkupLineInterpolated(
                $"[bold]Loss[/] on {test} held-out images: [bold green]{result.Metrics[MetricNames.ValidationLoss]:0.0000}[/] (trained on {train} images)");
        }
    }

    private static async Task WriteSamplesAsync(ArtifactStore store, ModelRef model, string folder, CancellationToken stop)
    {
        var manifest = await store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(model.Name, model.Version), stop);
        foreach (var sample in manifest.Samples)
        {
            var what = sample.Name switch
            {
                "samples/by-class.png" => "Generated images, a row for each class",
                var picture when picture.EndsWith(".png", StringComparison.Ordinal) => "Generated images",
                _ => "Also",
            };
            var path = await Downloads.FetchAsync(
                store, BlobLayout.In(BlobLayout.ModelFolder(model.Name, model.Version), sample.Name), Path.Combine(folder, sample.Name), stop);
            AnsiConsole.MarkupLineInterpolated($"[bold]{what}[/] {path}");
        }

        var report = await Downloads.FetchAsync(
            store, BlobLayout.In(BlobLayout.ModelFolder(model.Name, model.Version), manifest.Report.Name), Path.Combine(folder, manifest.Report.Name), stop);
        AnsiConsole.MarkupLineInterpolated($"[bold]Report[/] {report} (figures, curves and pictures on one page; open it in a browser)");
    }

    private static async Task WriteEmbeddingsAsync(ArtifactStore store, EmbeddingsRef embeddings, string folder, CancellationToken stop)
    {
        var part = BlobLayout.EmbeddingPart(0);
        var path = await Downloads.FetchAsync(store, BlobLayout.In(embeddings.Folder, part), Path.Combine(folder, part), stop);
        AnsiConsole.MarkupLineInterpolated($"[bold]Embeddings[/] {embeddings.Rows} vectors of {embeddings.Dimension} numbers in {embeddings.Parts} part(s)");
        AnsiConsole.MarkupLineInterpolated($"  published as {BlobLayout.Container}/{embeddings.Folder}/");
        await ParquetTable.WriteAsync(AnsiConsole.Console, path, RowsShown, stop);
    }
}
