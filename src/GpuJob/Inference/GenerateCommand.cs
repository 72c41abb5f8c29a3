using System.CommandLine;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Inference.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Options;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary><c>lzn-gpu generate MODEL</c>: new images, each by seed and number alone.</summary>
internal static class GenerateCommand
{
    private const int Most = 1_000_000;

    internal static Command Create()
    {
        var model = ModelFile.Argument();
        var count = new Option<int>("--count") { Description = "How many images.", DefaultValueFactory = _ => 16 };
        var seed = new Option<long>("--seed") { Description = "What is drawn: the same seed gives the same images." };
        var label = new Option<string[]>("--label")
        {
            Description = "Of which class, where the model knows classes. May be repeated: then in turn. Left out: all classes in turn.",
            DefaultValueFactory = _ => []
        };
        var command = new Command("generate", "Draw new images.") { model, count, seed, label };
        ComputeDevice.AddTo(command);
        SamplingOptions.AddTo(command);
        InputOptions.AddBatchSizeTo(command);
        var pictures = new PictureOptions(command);
        command.SetAction((parsed, _) => CommandContext.InvokeAsync(context =>
        {
            var number = InputOptions.WholeNumber(count, parsed.GetValue(count), 1, Most);
            using var opened = ModelFile.Open(parsed.GetRequiredValue(model), ComputeDevice.Read(parsed));
            opened.ThrowUnlessItDraws("generate");
            var labels = LabelNames.Of(opened, parsed.GetRequiredValue(label));
            using var output = pictures.Open(parsed, labels.Length > 1 ? labels.Length : (int)Math.Ceiling(Math.Sqrt(number)), number, opened.Recipe);
            Draw(parsed, opened, [.. Enumerable.Range(0, number).Select(index => labels[index % labels.Length])], parsed.GetValue(seed), output, context);
            context.Log.Written(output.Commit(), $"{number} images of seed {parsed.GetValue(seed)}");
            return Task.CompletedTask;
        }));
        return command;
    }

    private static void Draw(ParseResult parsed, ModelFile model, long[] labels, long seed, PictureOutput output, CommandContext context)
    {
        using var frozen = no_grad();
        var source = new ModelImages(model.Model, SamplingOptions.Apply(parsed, model.Recipe), seed);
        var stage = context.Stage("draw images", labels.Length);
        foreach (var (start, count) in SamplingOptions.Batches(labels.Length, InputOptions.ReadBatchSize(parsed) ?? SamplingOptions.BatchSize))
        {
            stage(start);
            using var scope = NewDisposeScope();
            var images = source.DrawEach(start, tensor(labels[start..(start + count)]));
            for (var index = 0; index < count; index++)
                output.Add(model.Model.Classes > 0 ? model.Classes[labels[start + index]] : null, images.narrow(0, index, 1));
        }
    }
}

/// <summary>Labels that people name.</summary>
internal static class LabelNames
{
    private const int Shown = 20;

    /// <returns>The numbers of the named labels, or of all where none is named; a single 0 where the model knows no labels.</returns>
    /// <exception cref="OptionsException">The model does not know one, or none at all.</exception>
    internal static long[] Of(ModelFile model, string[] names)
    {
        if (model.Model.Classes == 0)
            return names is [] ? [0] : throw new OptionsException("--label", names[0], "nothing: this model draws images without labels");
        return names is [] ? [.. model.Classes.Select((_, label) => (long)label)] : Array.ConvertAll(names, name => Number(model.Classes, name));
    }

    private static long Number(string[] classes, string name) => Array.IndexOf(classes, name) is var found and >= 0
        ? found
        : throw new OptionsException(
            "--label",
            name,
            classes.Length <= Shown ? string.Join(", ", classes) : $"one of {classes.Length} names, such as {string.Join(", ", classes.Take(Shown))}");
}
