using System.Text.Json.Serialization;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.Shared.Manifests;

/// <summary>A registered model: <c>models/{name}/{version}/model.json</c>, written last.</summary>
public sealed record ModelManifest
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>What it was trained on.</summary>
    public required DatasetRef Dataset { get; init; }

    public required Recipe Recipe { get; init; }

    public required long Seed { get; init; }

    /// <summary><c>model.safetensors</c> beside this file.</summary>
    public required StoredFile Weights { get; init; }

    /// <summary>Figures of the evaluation; the same stand in <c>metrics.json</c>.</summary>
    public required SortedDictionary<string, double> Metrics { get; init; }

    /// <summary>Which of them decides whether the model is the champion of its name.</summary>
    [JsonPropertyName("decides")]
    public required PrimaryMetric Primary { get; init; }

    /// <summary><c>report.html</c> beside this file: figures, curves and pictures on one page.</summary>
    public required StoredFile Report { get; init; }

    /// <summary>Pictures and tables beside this file, such as <c>samples/by-class.png</c>.</summary>
    public required StoredFile[] Samples { get; init; }

    /// <summary>The run that made it.</summary>
    public required string RunId { get; init; }
}

/// <summary>Which version of a name readers should use: <c>current.json</c> and <c>champion.json</c>; moved with If-Match.</summary>
/// <param name="Folder">Blob prefix of the version.</param>
public sealed record VersionPointer(string Version, string Folder);

/// <summary>The figure by which a model becomes the champion of its name.</summary>
/// <param name="Name">One of the metrics.</param>
/// <param name="LowerIsBetter">True of distances.</param>
/// <param name="MeasuredWith">
/// SHA-256 of the feature network that it depends on; null when it depends on none. Figures of two networks are not comparable.
/// </param>
public sealed record PrimaryMetric(string Name, bool LowerIsBetter, string? MeasuredWith);

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
