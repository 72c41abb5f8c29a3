using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Randomness;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Metrics;

/// <summary>
/// Accuracy of a linear classifier on frozen features: what of the classes can be read from them by a linear map. One recipe for all features, and
/// nothing chosen by the test images: each feature standardised by the training images' mean and deviation, weights from 0, cross-entropy, AdamW
/// (lr 3e-4, weight decay 0.01), 300 epochs of batches of 256.
/// </summary>
internal static class LinearProbe
{
    internal const int Epochs = 300;
    internal const int BatchSize = 256;
    internal const double LearningRate = 3e-4;
    internal const double WeightDecay = 0.01;

    /// <summary>How many of the best guesses may hold the right class.</summary>
    private static readonly int[] Guesses = [1, 5, 10];

    /// <param name="known">Features to learn from, [N, d].</param> <param name="knownLabels">int64 [N].</param>
    /// <param name="asked">Features to tell, [M, d].</param> <param name="askedLabels">int64 [M].</param>
    /// <param name="seed">Chooses the order of batches.</param>
    /// <param name="epochDone">Called with the number of epochs done.</param>
    /// <returns>Part of the images whose class is among the best k guesses, for k of 1, 5, 10 below the number of classes.</returns>
    internal static IReadOnlyDictionary<int, double> Accuracy(
        Tensor known, Tensor knownLabels, Tensor asked, Tensor askedLabels, long classes, long seed, Action<int> epochDone)
    {
        using var scope = NewDisposeScope();
        var (train, test) = (FeatureCheck.Finite(known, "training images"), FeatureCheck.Finite(asked, "test images"));
        var (mean, deviation) = (train.mean([0], keepdim: true), train.std(0, keepdim: true).clamp_min(1e-6));
        using var probe = Fit(Standard(train), knownLabels, classes, seed, epochDone);
        using var frozen = no_grad();
        var ranked = probe.call(Standard(test)).topk((int)Math.Min(classes, Guesses[^1]), 1).indexes == askedLabels.unsqueeze(1);      // [M, guesses], sorted
        return Guesses.Where(k => k < classes).ToDictionary(k => k, k => ranked.narrow(1, 0, k).any(1).to_type(ScalarType.Float64).mean().item<double>());

        Tensor Standard(Tensor numbers) => ((numbers - mean) / deviation).to_type(ScalarType.Float32);
    }

    private static nn.Module<Tensor, Tensor> Fit(Tensor features, Tensor labels, long classes, long seed, Action<int> epochDone)
    {
        using var learning = enable_grad();         // also amid an evaluation that computes no gradients
        var probe = nn.Linear(features.shape[1], classes);
        nn.init.zeros_(probe.weight);
        nn.init.zeros_(probe.bias!);        // has one by default
        using var optimizer = optim.AdamW(probe.parameters(), LearningRate, weight_decay: WeightDecay);
        var size = (int)Math.Min(BatchSize, features.shape[0]);
        using var order = new SampleOrder(features.shape[0], size, seed);
        var batches = features.shape[0] / size;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            for (var batch = 0L; batch < batches; batch++)
            {
                using var step = NewDisposeScope();
                var indexes = order.At(epoch * batches + batch);
                optimizer.zero_grad();
                BackwardPass.From(nn.functional.cross_entropy(probe.call(features.index_select(0, indexes)), labels.index_select(0, indexes)));
                optimizer.step();
            }

            epochDone(epoch + 1);
        }

        return probe;
    }
}
