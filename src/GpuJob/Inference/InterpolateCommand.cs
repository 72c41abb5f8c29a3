using System.CommandLine;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Inference.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary>
/// <c>lzn-gpu interpolate MODEL</c>: the images on the way from one to another, which is a great circle in the latent space and one in the space of noise.
/// </summary>
internal static class InterpolateCommand
{
    private const int MaxFrames = 1000;

    internal static Command Create()
    {
        var model = ModelFile.Argument();
        var frames = new Option<int>("--frames") { Description = "How many images, with both ends.", DefaultValueFactory = _ => 8 };
        var seed = new Option<long>("--seed") { Description = "Chooses the place in the zones of two images." };
        var seeds = new Option<long[]>("--seeds")
        {
            Description = "In place of two images: the seeds of two that generate draws first.",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true
        };
        var label = new Option<string[]>("--label")
        {
            Description = "With --seeds: of which class. Given twice: from one to the other. Left out: the first class.",
            DefaultValueFactory = _ => []
        };
        var command = new Command("interpolate", "Draw the way from one image to another.") { model };
        ComputeDevice.AddTo(command);
        var inputs = InputOptions.AddTo(command, new ArgumentArity(0, 2), "IMAGE", "Two images.");
        foreach (var option in new Option[] { frames, seed, seeds, label })
            command.Options.Add(option);
        SamplingOptions.AddTo(command);
        var pictures = new PictureOptions(command);
        command.SetAction((parsed, _) => CommandContext.InvokeAsync(async context =>
        {
            var options = InputOptions.Read(parsed, inputs);
            var (number, drawn, names) = (
                InputOptions.WholeNumber(frames, parsed.GetValue(frames), 2, MaxFrames), parsed.GetValue(seeds) ?? [], parsed.GetRequiredValue(label));
            if ((options.Inputs.Length, drawn.Length, names.Length) is not ((2, 0, 0) or (0, 2, <= 2)))
                throw new BadInputException("Give two images; or --seeds with two numbers, and then --label at most twice.");
            using var opened = ModelFile.Open(parsed.GetRequiredValue(model), ComputeDevice.Read(parsed));
            opened.ThrowUnlessItDraws("interpolate");
            var recipe = SamplingOptions.Apply(parsed, opened.Recipe);
            var sampler = new ImageSampler(opened.Model.Decoder!, recipe.Sampling!);     // it draws
            using var images = options.Inputs.Length == 0 ? null : await InputImages.OpenAsync(options.Inputs, context.Stop);
            using var reference = options.Reference is null ? null : await InputImages.OpenAsync([options.Reference], context.Stop);
            if (images is { Images.Count: not 2 })
                throw new BadInputException($"The inputs have {images.Images.Count} images. Give two paths of one image each.");
            using var output = pictures.Open(parsed, columns: number, number, opened.Recipe);

            using var ends = images is null
                ? OfSeeds(
                    opened,
                    new ModelImages(opened.Model, recipe, drawn[0]),
                    new ModelImages(opened.Model, recipe, drawn[1]),
                    LabelNames.Of(opened, names))
                : OfImages(sampler, new LocatedImages(opened, images, reference, options, parsed.GetValue(seed), context));
            Draw(sampler, ends, number, options.BatchSize ?? SamplingOptions.BatchSize, output, context);
            context.Log.Written(
                output.Commit(),
                $"{number} images on the way from {(images is null ? $"seed {drawn[0]}" : options.Inputs[0])} "
                + $"to {(images is null ? $"seed {drawn[1]}" : options.Inputs[1])}");
        }));
        return command;
    }

    private static Ends OfSeeds(ModelFile model, ModelImages from, ModelImages to, long[] labels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (first, second) = (tensor(new[] { labels[0] }), tensor(new[] { labels is [_, var other] ? other : labels[0] }));
        var (begin, end) = (from.Beginnings(0, first), to.Beginnings(0, second));
        return new Ends(cat([begin.Latents, end.Latents]), cat([begin.Noise, end.Noise]), model.Model.OneHot(cat([first, second])));
    }

    private static Ends OfImages(ImageSampler sampler, LocatedImages located)
    {
        using (located)
        {
            if (located.Images.Count < 2)
                throw new BadInputException("There is no way from one image alone: the other cannot be used.");
            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            var (images, latents, labels) = located.Read(0, 2);
            return new Ends(latents.clone(), sampler.Invert(images, latents, labels), labels);
        }
    }

    private static void Draw(ImageSampler sampler, Ends ends, int frames, int batchSize, PictureOutput output, CommandContext context)
    {
        using var frozen = no_grad();
        var stage = context.Stage("draw images", frames);
        foreach (var (start, count) in SamplingOptions.Batches(frames, batchSize))
        {
            stage(start);
            using var scope = NewDisposeScope();
            var parts = Enumerable.Range(start, count).Select(frame => frame / (frames - 1.0)).ToList();
            var images = sampler.Draw(Way(ends.Noise, parts), Way(ends.Latents, parts), Mixed(ends.Labels, parts));
            for (var index = 0; index < count; index++)
                output.Add(name: null, images.narrow(0, index, 1));
        }
    }

    private static Tensor Way(Tensor ends, List<double> parts) => Spherical.Between(ends.narrow(0, 0, 1), ends.narrow(0, 1, 1), parts);

    /// <summary>Labels are no draws; between two of them lie mixtures.</summary>
    private static Tensor Mixed(Tensor ends, List<double> parts) =>
        cat([.. parts.Select(part => ends.narrow(0, 0, 1) * (1 - part) + ends.narrow(0, 1, 1) * part)]);

    /// <summary>Where the way begins and ends.</summary>
    private sealed class Ends : IDisposable
    {
        /// <param name="latents">[2, d].</param> <param name="noise">[2, 3, S, S].</param> <param name="labels">[2, classes]. All leave their scope.</param>
        internal Ends(Tensor latents, Tensor noise, Tensor labels) =>
            (Latents, Noise, Labels) = (latents.DetachFromDisposeScope(), noise.DetachFromDisposeScope(), labels.DetachFromDisposeScope());

        internal Tensor Latents { get; }

        internal Tensor Noise { get; }

        internal Tensor Labels { get; }

        public void Dispose()
        {
            Latents.Dispose();
            Noise.Dispose();
            Labels.Dispose();
        }
    }
}
