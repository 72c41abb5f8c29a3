using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>exp of the mean Kullback-Leibler divergence of each image's class probabilities from their mean (Salimans et al., 2016): 1 to the number of classes, more is better.</summary>
internal static class InceptionScore
{
    /// <summary>Images a split; the score is computed for each and averaged.</summary>
    internal const int SplitSize = 5000;

    /// <param name="logits">[N, classes]. A last, smaller split counts like the others.</param>
    internal static double Of(Tensor logits, int splitSize = SplitSize)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return FeatureCheck.Finite(logits, "generated images").split(splitSize).Average(OfSplit);
    }

    private static double OfSplit(Tensor logits)
    {
        var logs = logits.log_softmax(1);
        var p = logs.exp();
        // In logarithms: a class that no image has, with mean probability 0 in float64, adds 0 instead of NaN.
        var logMean = logs.logsumexp(0, keepdim: true) - Math.Log(logits.shape[0]);
        return (p * (logs - logMean)).sum(1).mean().exp().item<double>();
    }
}
