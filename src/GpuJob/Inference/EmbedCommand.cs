using System.CommandLine;
using System.Text.Json;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Options;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary><c>lzn-gpu embed MODEL INPUT...</c>: what <see cref="EmbedPart"/> computes for a dataset, for images at hand.</summary>
internal static class EmbedCommand
{
    private const string Parquet = ".parquet";
    private const string Lines = ".jsonl";

    internal static Command Create()
    {
        var model = ModelFile.Argument();
        var command = new Command("embed", "Write embeddings of images.") { model };
        ComputeDevice.AddTo(command);
        var inputs = InputOptions.AddTo(command, ArgumentArity.OneOrMore);
        var output = Target.AddTo(
            command,
            $"A file that ends with {Parquet}, with the columns of the pipeline's embeddings, or with {Lines}, a JSON object a line. "
            + "Left out: the latter, on standard output.",
            required: false);
        command.SetAction((parsed, _) => CommandContext.InvokeAsync(async context =>
        {
            var (options, target) = (InputOptions.Read(parsed, inputs), Target.Read(parsed, output));
            if (target.Path is { } named && !named.EndsWith(Parquet, StringComparison.Ordinal) && !named.EndsWith(Lines, StringComparison.Ordinal))
                throw new OptionsException(output.Name, named, $"a file that ends with {Parquet} or {Lines}");
            using var file = target.Path is null ? null : OutputFile.Create(target.Path, target.Force);
            using var opened = ModelFile.Open(parsed.GetRequiredValue(model), ComputeDevice.Read(parsed));
            using var images = await InputImages.OpenAsync(options.Inputs, context.Stop);
            using var reference = options.Reference is null ? null : await InputImages.OpenAsync([options.Reference], context.Stop);

            var rows = Rows(opened, images, reference, options, context);
            if (target.Path?.EndsWith(Parquet, StringComparison.Ordinal) == true)
                await EmbeddingFile.WriteAsync(file!.Stream, rows, await opened.IdentityAsync(context.Stop), dataset: null, context.Stop);
            else
                await WriteLinesAsync(file?.Stream ?? Console.OpenStandardOutput(), rows);
            file?.Commit();
            if (target.Path is not null)
                context.Log.Written(target.Path, $"{rows.Count} embeddings of dimension {opened.Recipe.Encoder.LatentDimension}");
        }));
        return command;
    }

    private static List<EmbeddingRow> Rows(ModelFile model, InputImages inputs, InputImages? reference, InputOptions options, CommandContext context)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (images, anchors) = EncodedImages.Of(model, inputs.Images, "images", options, context);
        var predicted = Predict(model, images, anchors, reference, options, context);
        var classes = inputs.Classes.Except(model.Classes).Any() ? inputs.Classes : model.Classes;      // the model's own labels, if it knows the names
        var labels = classes.Index().ToDictionary(each => each.Item, each => each.Index, StringComparer.Ordinal);
        return [.. EmbeddingRows.Of(anchors, (index, vector) => new EmbeddingRow(
            images[index].Id,
            images[index].Source.Split ?? "",
            images[index].Source.Class is { } name ? labels[name] : -1,
            images[index].Source.Class ?? "",
            predicted is null ? null : model.Classes[predicted[index, 0]],
            vector))];
    }

    /// <summary>
    /// The label in the middle of each image's zone; null where the model knows no labels, and for a lone image, whose zone is the whole latent space.
    /// </summary>
    private static long[,]? Predict(
        ModelFile model, IReadOnlyList<InputImage> images, Tensor anchors, InputImages? reference, InputOptions options, CommandContext context)
    {
        if (model.Classifier() is not { } classifier || reference is null && images.Count == 1)
            return null;
        var zones = ImageZones.Of(model, reference, images, options, context);
        return zones.Labels(classifier, anchors, zones.Middle(), context.Stage("read labels", images.Count));
    }

    private static async Task WriteLinesAsync(Stream to, List<EmbeddingRow> rows)
    {
        foreach (var row in rows)
        {
            await JsonSerializer.SerializeAsync(to, row, LznJson.Options);
            await to.WriteAsync("\n"u8.ToArray());
        }

        await to.FlushAsync();
    }
}
