using System.Globalization;
using System.Text.Json;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests.Parity;

/// <summary>The training program at work on a tiny model and a few pictures, and all that it is given, so that a judge can be given the same.</summary>
internal sealed class ParityRun : IDisposable
{
    internal const int Steps = 20;

    private const long Seed = 7;
    private const int Pictures = 22;            // leaves a rest in every epoch
    private const int PictureSize = 12;
    private static readonly string[] Classes = ["a", "b", "c"];

    private readonly Recipe _recipe;
    private readonly PrefetchedBatches _batches;
    private readonly TrainingRun _run;

    internal ParityRun(string name)
    {
        _recipe = ParityRecipes.Of(name);
        _batches = new(Noise(_recipe.Image), BatchPlan.For(_recipe, Seed), new BadImages(BadImagePolicy.Fail, NullLogger.Instance), threads: 1, Golden.Device);
        _run = new TrainingRun(_recipe, _batches, Classes, Seed, new SingleDevice(Golden.Device));
        Stir();
    }

    public void Dispose()
    {
        _run.Dispose();
        _batches.Dispose();
    }

    /// <summary>What the judge has to know besides the tensors.</summary>
    internal Dictionary<string, string> Metadata() => new(StringComparer.Ordinal)
    {
        ["recipe"] = JsonSerializer.Serialize(_recipe, LznJson.Options),
        ["classes"] = Classes.Length.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>All that the steps are given, by its name in the files; to be asked for before training.</summary>
    internal Dictionary<string, Tensor> Given()
    {
        var iterations = Enumerable.Range(0, Steps).ToList();
        var batches = iterations.ConvertAll(iteration => _batches.At(iteration));
        var given = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["views"] = stack(batches.Select(batch => stack(batch.Views))).add(1).mul(127.5).round().to_type(ScalarType.Byte),
            ["labels"] = stack(batches.Select(batch => batch.Labels)),
            ["prior"] = Drawn(RandomStream.Prior, generator => randn(_run.BatchSize, _recipe.Encoder.LatentDimension, generator: generator)),
        };
        if (_recipe.Decoder is not null)
        {
            var (count, size) = (_recipe.Training.DecoderBatchSize ?? _run.BatchSize, _recipe.Image.Size);
            given["noise"] = Drawn(RandomStream.Noise, generator => randn([count, 3, size, size], generator: generator));
            given["uniform"] = Drawn(RandomStream.Time, generator => rand(count, generator: generator));
        }

        foreach (var (weight, tensor) in _run.Model.Weights())
            given[$"initial.{weight}"] = tensor.detach().clone();
        return given;
    }

    internal IReadOnlyList<StepReport> Train() => [.. Enumerable.Range(0, Steps).Select(_ => _run.Step())];

    /// <summary>Weights, or EMA weights, by name.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Weights(bool averaged) =>
        averaged ? _run.Ema.Named().Select(each => KeyValuePair.Create(each.Key[EmaWeights.Prefix.Length..], each.Value)) : _run.Model.Weights();

    /// <summary>Layers that begin with zeros hide from the loss what lies before them; nothing shall be hidden here.</summary>
    private void Stir()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var generator = new Generator(Seed);
        foreach (var (weight, mean) in Weights(averaged: false).Zip(Weights(averaged: true), (weight, mean) => (weight.Value, mean.Value)))
        {
            weight.add_(randn(weight.shape, generator: generator).to(weight.device) * 0.05);
            mean.copy_(weight);
        }
    }

    private static Tensor Drawn(RandomStream stream, Func<Generator, Tensor> draw)
    {
        var draws = new Draws(Seed);
        return stack(Enumerable.Range(0, Steps).Select(iteration =>
        {
            using var generator = draws.For(stream, iteration);
            return draw(generator);
        }));
    }

    /// <summary>Pictures of noise, a little brighter in one colour or another by their label.</summary>
    private static HeldPictures Noise(ImageRecipe recipe)
    {
        var random = new SampleRandom((ulong)Seed);
        var labels = Enumerable.Range(0, Pictures).Select(picture => (long)picture % Classes.Length).ToList();
        var pictures = labels.ConvertAll(label =>
        {
            var picture = Picture.Blank(PictureSize, PictureSize);
            for (var index = 0; index < picture.Pixels.Length; index++)
                picture.Pixels[index] = (byte)(random.Below(200) + (index % Picture.Channels == label ? 55 : 0));
            return picture;
        });
        return new HeldPictures(recipe, pictures, labels, [.. labels.Select((_, picture) => $"{picture}.png")]);
    }
}
