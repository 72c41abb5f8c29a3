using System.CommandLine;
using System.Globalization;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Inference.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary><c>lzn-gpu reconstruct MODEL INPUT...</c>: each image led back to its noise and forward again, beside it.</summary>
internal static class ReconstructCommand
{
    private const int MaxColumns = 8;

    internal static Command Create()
    {
        var model = ModelFile.Argument();
        var seed = new Option<long>("--seed") { Description = "Chooses the place in each image's zone." };
        var command = new Command("reconstruct", "Lead images back to the noise that they come from, and forward again; tell what is lost.") { model };
        ComputeDevice.AddTo(command);
        var inputs = InputOptions.AddTo(command, ArgumentArity.OneOrMore);
        command.Options.Add(seed);
        SamplingOptions.AddTo(command);
        var pictures = new PictureOptions(command);
        command.SetAction((parsed, _) => CommandContext.InvokeAsync(async context =>
        {
            var options = InputOptions.Read(parsed, inputs);
            using var opened = ModelFile.Open(parsed.GetRequiredValue(model), ComputeDevice.Read(parsed));
            opened.ThrowUnlessItDraws("reconstruct");
            using var images = await InputImages.OpenAsync(options.Inputs, context.Stop);
            using var reference = options.Reference is null ? null : await InputImages.OpenAsync([options.Reference], context.Stop);
            using var output = pictures.Open(
                parsed,
                2 * Math.Clamp((int)Math.Ceiling(Math.Sqrt(images.Images.Count / 2.0)), 1, MaxColumns),
                2 * images.Images.Count,
                opened.Recipe);

            using var located = new LocatedImages(opened, images, reference, options, parsed.GetValue(seed), context);
            var lost = Rebuild(parsed, located, output, context);
            context.Log.Written(output.Commit(), $"{located.Images.Count} images, each beside what was rebuilt of it");
            foreach (var line in lost)
                await Console.Out.WriteLineAsync(line);
        }));
        return command;
    }

    /// <returns>A table of what was lost.</returns>
    private static List<string> Rebuild(ParseResult parsed, LocatedImages located, PictureOutput output, CommandContext context)
    {
        using var frozen = no_grad();
        var sampler = new ImageSampler(located.Model.Decoder!, SamplingOptions.Apply(parsed, located.Recipe).Sampling!);        // it draws
        var (count, lines) = (located.Images.Count, new List<string> { "path,rms" });
        var stage = context.Stage("rebuild images", count);
        foreach (var (start, size) in SamplingOptions.Batches(count, InputOptions.ReadBatchSize(parsed) ?? SamplingOptions.BatchSize))
        {
            stage(start);
            using var scope = NewDisposeScope();
            var (images, latents, labels) = located.Read(start, size);
            var rebuilt = sampler.Rebuild(images, latents, labels);
            var lost = (rebuilt - images).square().mean([1, 2, 3]).sqrt().data<float>().ToArray();
            for (var index = 0; index < size; index++)
            {
                output.Add(name: null, cat([images.narrow(0, index, 1), rebuilt.narrow(0, index, 1)]));
                lines.Add(Csv.Line([located.Images[start + index].Id, lost[index].ToString("0.#####", CultureInfo.InvariantCulture)]));
            }
        }

        return lines;
    }
}
