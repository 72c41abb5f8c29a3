namespace LznPipeline.Shared.Manifests;

/// <summary>Names in <c>metrics.json</c> that others than the evaluation itself rely on.</summary>
public static class MetricNames
{
    /// <summary>Part of the test images whose label is read rightly, 0 to 1; of the joint case.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Part of the test images whose label most of their nearest train images have, 0 to 1; of every model.</summary>
    public const string KnnAccuracy = "knn_accuracy";

    /// <summary>Distance of generated images from real ones, 0 or more; of models that draw images.</summary>
    public const string FrechetDistance = "frechet_distance";

    /// <summary>The objective's mean loss on the test images; of every model.</summary>
    public const string ValidationLoss = "validation_loss";
}
