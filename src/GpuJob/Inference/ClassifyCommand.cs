using System.CommandLine;
using System.Globalization;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary><c>lzn-gpu classify MODEL INPUT...</c>: the label in the middle of each image's zone, and which parts of the zone lie in which label's.</summary>
internal static class ClassifyCommand
{
    private const int MaxDraws = 10000;

    internal static Command Create()
    {
        var model = ModelFile.Argument();
        var top = new Option<int>("--top") { Description = "How many labels to tell of each image.", DefaultValueFactory = _ => 3 };
        var draws = new Option<int>("--draws")
        {
            Description = "Places of each zone whose labels are read, to tell which part of it is whose.",
            DefaultValueFactory = _ => 32
        };
        var seed = new Option<long>("--seed") { Description = "Chooses these places." };
        var command = new Command("classify", "Read labels from images.") { model };
        ComputeDevice.AddTo(command);
        var inputs = InputOptions.AddTo(command, ArgumentArity.OneOrMore);
        foreach (var option in new Option[] { top, draws, seed })
            command.Options.Add(option);
        var output = Target.AddTo(command, "A CSV file. Left out: the same on standard output.", required: false);
        command.SetAction((parsed, _) => CommandContext.InvokeAsync(async context =>
        {
            var options = InputOptions.Read(parsed, inputs);
            var (most, places) = (
                InputOptions.WholeNumber(top, parsed.GetValue(top), 1, int.MaxValue), InputOptions.WholeNumber(draws, parsed.GetValue(draws), 1, MaxDraws));
            var target = Target.Read(parsed, output);
            using var file = target.Path is null ? null : OutputFile.Create(target.Path, target.Force);
            using var opened = ModelFile.Open(parsed.GetRequiredValue(model), ComputeDevice.Read(parsed));
            opened.ThrowUnlessItClassifies();
            using var images = await InputImages.OpenAsync(options.Inputs, context.Stop);
            using var reference = options.Reference is null ? null : await InputImages.OpenAsync([options.Reference], context.Stop);

            var readings = Read(opened, images, reference, options, (places, parsed.GetValue(seed)), context);
            await WriteAsync(file?.Stream ?? Console.OpenStandardOutput(), readings, Math.Min(most, opened.Classes.Length), opened.Classes);
            file?.Commit();
            if (target.Path is not null)
                context.Log.Written(target.Path, $"labels of {readings.Count} images");
        }));
        return command;
    }

    private static List<ClassReading> Read(
        ModelFile model, InputImages inputs, InputImages? reference, InputOptions options, (int Draws, long Seed) places, CommandContext context)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (images, anchors) = EncodedImages.Of(model, inputs.Images, "images", options, context);
        if (reference is null && images.Count == 1)
        {
            throw new BadInputException("A lone image has the whole latent space as its zone, from which no label can be read. "
                + $"Give --reference, a source of images like those of training{(inputs.Images.Count > 1 ? "" : ", or more images")}.");
        }

        var zones = ImageZones.Of(model, reference, images, options, context);
        var draws = cat([zones.Middle(), zones.Draws(places.Draws, places.Seed)]);
        var labels = zones.Labels(model.Classifier()!, anchors, draws, context.Stage("read labels", images.Count));      // it classifies
        return [.. images.Select((image, index) =>
            ClassReading.Of(image.Id, [.. Enumerable.Range(0, places.Draws + 1).Select(place => (int)labels[index, place])], model.Classes.Length))];
    }

    private static async Task WriteAsync(Stream to, List<ClassReading> readings, int most, string[] classes)
    {
        await using var text = new StreamWriter(to, leaveOpen: true) { NewLine = "\n" };
        await text.WriteLineAsync(Csv.Line(
            ["path", "label", "share", .. Enumerable.Range(2, most - 1).SelectMany(rank => new[] { $"label{rank}", $"share{rank}" })]));
        foreach (var reading in readings)
            await text.WriteLineAsync(Csv.Line(
            [
                reading.Id,
                .. reading.Ranked().Take(most)
                    .SelectMany(each => new[] { classes[each.Label], each.Share.ToString("0.###", CultureInfo.InvariantCulture) })
            ]));
    }
}
