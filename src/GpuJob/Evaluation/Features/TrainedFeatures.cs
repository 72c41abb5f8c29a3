using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared.Hashing;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>Features of a classifier that is trained on the train split for this purpose: what is there where no feature network is named.</summary>
/// <remarks>
/// One recipe for all models: the <see cref="FeatureTask"/> of the dataset, <see cref="FeatureClassifier"/> on images of at most <see cref="GreatestSide"/>
/// pixels, cross-entropy, AdamW with weight decay 0.01, learning rate from 3e-3 in a straight line to 0 over 30 epochs, at most 300 batches, of 128 images,
/// every second one mirrored, always the same seed. On one machine with one number of threads the same images give the same weights; their hash tells. Figures
/// on such features compare models of one dataset with each other, and with nothing that is published.
/// </remarks>
internal sealed class TrainedFeatures : IFeatureNetwork
{
    private const int BatchSize = 128;
    private const int MaxEpochs = 30;
    private const int MaxIterations = 300;
    private const int GreatestSide = 64;
    private const double LearningRate = 3e-3;
    private const double WeightDecay = 0.01;
    private const long Seed = 0;

    private readonly FeatureClassifier _network;
    private readonly FeatureTask _task;
    private readonly FeatureInput _input;

    private TrainedFeatures(FeatureClassifier network, FeatureTask task, FeatureInput input, int iterations, int imageSize, ImageSet test)
    {
        (_network, _task, _input) = (network, task, input);
        using var weights = new MemoryStream();
        Safetensors.Write(
            weights, [.. network.state_dict().Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))], new Dictionary<string, string>());
        Provenance = new FeatureProvenance(
            $"none is named, so a classifier of {network.parameters().Sum(parameter => parameter.numel())} parameters was trained "
            + $"on the train split ({iterations} batches of up to {BatchSize}); it tells {Accuracy(test):P1} of the {task.What} of test images, "
            + "and its figures compare only with those of the same hash",
            ContentHash.Sha256(weights.ToArray()), input.Describe(imageSize));
    }

    public FeatureProvenance Provenance { get; }

    /// <param name="train">Learnt from.</param> <param name="test">Tells how good it became.</param>
    /// <param name="stage">Is told how many iterations are to be done; what it returns, how many are done.</param>
    /// <param name="device">Where it shall compute.</param>
    internal static TrainedFeatures Train(ImageSet train, ImageSet test, int imageSize, int classes, Device device, Func<long, Action<long>> stage)
    {
        var draws = new Draws(Seed);
        using var weights = draws.For(RandomStream.Weights, 0);
        var task = FeatureTask.Of(classes);
        var network = new FeatureClassifier(task.Answers, weights).to(device);
        var input = new FeatureInput(imageSize > GreatestSide ? GreatestSide : null);
        var batchSize = (int)Math.Min(BatchSize, train.Count);
        var iterations = (int)Math.Min(MaxIterations, MaxEpochs * (train.Count / batchSize));
        Fit(network, task, train, input, draws, batchSize, iterations, stage(iterations));
        network.eval();
        return new TrainedFeatures(network, task, input, iterations, imageSize, test);
    }

    public ImageFeatures Of(Tensor images)
    {
        var features = _network.call(_input.Of(images.to(_network.Device())));
        return _task.AreClasses ? features : features with { Logits = null };
    }

    public void Dispose() => _network.Dispose();

    private double Accuracy(ImageSet images)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (sample, right, device) = (new ImageSample(images), 0L, _network.Device());
        for (long start = 0; start < sample.Count; start += BatchSize)
        {
            using var batch = NewDisposeScope();
            var size = Math.Min(BatchSize, sample.Count - start);
            var (asked, answers) = _task.Ask(_input.Of(sample.Images(start, size).to(device)), sample.Labels.narrow(0, start, size).to(device));
            right += (_network.call(asked).Logits!.argmax(1) == answers).sum().item<long>();        // a classifier has logits
        }

        return (double)right / sample.Count;
    }

    private static void Fit(
        FeatureClassifier network, FeatureTask task, ImageSet images, FeatureInput input, Draws draws, int batchSize, int iterations, Action<long> done)
    {
        var device = network.Device();
        using var order = new SampleOrder(images.Count, batchSize, Seed);
        using var optimizer = optim.AdamW(network.parameters(), LearningRate, weight_decay: WeightDecay);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            using var step = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = LearningRate * (1 - (double)iteration / iterations);
            using var flips = draws.For(RandomStream.Augmentation, iteration);
            var indexes = order.At(iteration);
            var x = input.Of(images.Images(indexes).to(device));
            x = where((rand(batchSize, generator: flips) < 0.5).to(device).view(-1, 1, 1, 1), x.flip(3), x);
            var (asked, answers) = task.Ask(x, images.Labels.index_select(0, indexes).to(device));
            optimizer.zero_grad();
            BackwardPass.From(nn.functional.cross_entropy(network.call(asked).Logits!, answers));       // a classifier has logits
            optimizer.step();
            done(iteration + 1);
        }
    }
}
