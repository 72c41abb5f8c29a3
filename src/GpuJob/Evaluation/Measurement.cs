using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>One model's evaluation: which figures its objective has, and what they share.</summary>
/// <param name="classes">Of the dataset.</param>
/// <param name="validation">Batches of the test split, made as in training.</param>
/// <param name="network">Of objectives that draw images. All are their owner's.</param>
internal sealed class Measurement(
    Checkpoint file,
    string[] classes,
    ImageSet train,
    ImageSet test,
    IBatchSource validation,
    IFeatureNetwork? network,
    long seed,
    JobContext context) : IDisposable
{
    private readonly Recipe _recipe = file.Recipe;
    private readonly LznModel _model = file.Build(ema: true, context.Launch.Device);
    private readonly ImageSample _train = new(train, file.Recipe.Evaluation.TrainImages);
    private readonly ImageSample _test = new(test);

    internal List<Section> Sections()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (known, asked) = (Encoded(_model, _train, "train"), Encoded(_model, _test, "test"));
        var sections = new List<Section> { Loss() };
        if (_recipe.Objective is Objective.Joint)
            sections.Add(Accuracy(known, asked));
        sections.Add(Embeddings(known, asked));
        if (network is not null)
        {
            sections.Add(Samples.Draw(_model, _recipe, classes, seed));
            sections.Add(Images(network));
            sections.Add(Reconstructions.Measure(_model, _recipe, _test, asked.Anchors, seed, context));
        }

        return sections;
    }

    public void Dispose() => _model.Dispose();

    private Section Loss()
    {
        using var plain = file.Build(ema: false, context.Launch.Device);
        return new Section(
            "Loss",
            "The objective that the model was trained for, on test images: batches and augmentation as in training.",
            new MetricTable(
                new Metric(
                    MetricNames.ValidationLoss, "Loss of the EMA weights", LossOf(_model, ""), "these are the weights that all else here is measured with"),
                new Metric($"{MetricNames.ValidationLoss}.plain", "Loss of the raw weights", LossOf(plain, ", raw weights"), "")));
    }

    private double LossOf(LznModel model, string of) => ValidationLoss.Of(model, _recipe, validation, seed, context.Stage($"validate{of}", test.Count));

    private Encodings Encoded(LznModel model, ImageSample images, string split) =>
        Encodings.Of(model.Encoder, images, context.Stage($"encode {split} images", images.Count));

    private Section Accuracy(Encodings known, Encodings asked)
    {
        var accuracy = new ClassAccuracy(_recipe, classes, seed, context);
        var frequencies = LabelLoss.Frequencies(train.Labels, classes.Length);
        accuracy.Measure(_model, isMean: true, frequencies, Splits(known, asked));
        using var plain = file.Build(ema: false, context.Launch.Device);
        accuracy.Measure(plain, isMean: false, frequencies, Splits(Encoded(plain, _train, "train"), Encoded(plain, _test, "test")));
        return accuracy.ToSection();
    }

    private ClassifiedSplit[] Splits(Encodings known, Encodings asked) =>
    [
        new("test", IsTrain: false, _test.Labels.data<long>().ToArray(), asked.Anchors),
        new("train", IsTrain: true, _train.Labels.data<long>().ToArray(), known.Anchors),
    ];

    private Section Embeddings(Encodings known, Encodings asked)
    {
        var quality = new EmbeddingQuality(classes, _train.Labels, _test.Labels, seed, context);
        var alone = _recipe.Objective is Objective.Representation;
        quality.Measure("anchors (the exported embedding)", "", known.Anchors, asked.Anchors, probe: alone, rank: true);
        if (alone)
        {
            if (known.Features is { } features)
                quality.Measure("before the head", ".features", features, asked.Features!, probe: true, rank: true);      // the same network made both
            quality.Measure("latents", ".latents", Zoned(known.Anchors, scaled: true), Zoned(asked.Anchors, scaled: true), probe: true, rank: true);
            quality.Measure(
                "latent centres", ".latent_centres", Zoned(known.Anchors, scaled: false), Zoned(asked.Anchors, scaled: false), probe: true, rank: true);
            quality.Measure("an untrained network", ".untrained", Untrained(_train, "train"), Untrained(_test, "test"), probe: false, rank: false);
            quality.Measure("pixels", ".pixels", Pixels(_train), Pixels(_test), probe: false, rank: false);
        }

        return quality.ToSection(new EmbeddingMap(asked.Anchors, _test.Labels, classes));
    }

    /// <summary>Latents from the zones: drawn as in training, or their middles.</summary>
    private Tensor Zoned(Tensor anchors, bool scaled)
    {
        using var generator = new Draws(seed).For(RandomStream.TestPrior, 0);
        var prior = scaled ? randn(anchors.shape, generator: generator) * _recipe.Contrastive!.PriorScale : zeros_like(anchors);      // representation has it
        return BatchedLatents.Of(LatentFlow.Of(_recipe.Flow), anchors, prior, _recipe.Evaluation.BatchSize);
    }

    /// <summary>Anchors of the network as it is before training: what its form alone gives.</summary>
    private Tensor Untrained(ImageSample images, string split)
    {
        using var generator = new Draws(seed).For(RandomStream.Weights, 0);
        using var model = new LznModel(_recipe, classes.Length, generator).to(context.Launch.Device);
        model.eval();
        return Encoded(model, images, $"untrained {split}").Anchors;
    }

    private static Tensor Pixels(ImageSample images) => images.Images(0, images.Count).flatten(1);

    private Section Images(IFeatureNetwork features)
    {
        var images = _recipe.Evaluation.Images!;        // there is a network because there is this section
        var (reference, others) = images.Reference is ReferenceSplit.Train ? (_train, test) : (_test, train);
        return new GeneratedImages(_model, _recipe, features, reference, new ImageSample(others, images.Samples), seed, context).Measure();
    }
}
