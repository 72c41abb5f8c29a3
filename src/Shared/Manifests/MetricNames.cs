namespace LznPipeline.Shared.Manifests;

/// <summary>Names in <c>metrics.json</c> that others than the evaluation itself rely on.</summary>
public static class MetricNames
{
    /// <summary>Part of the test images whose label is read rightly, 0 to 1; of the joint case.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>The objective's mean loss on the test images; of every model.</summary>
    public const string ValidationLoss = "validation_loss";
}
