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
    public required DecidingFigure Decides { get; init; }

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
