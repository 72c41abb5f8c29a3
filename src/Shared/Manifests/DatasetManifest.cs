using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Manifests;

/// <summary>What a dataset is: <c>datasets/{name}/{version}/manifest.json</c>, written last, so a dataset with a manifest is whole.</summary>
public sealed record DatasetManifest
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>What it was made from.</summary>
    public required DatasetRequest Source { get; init; }

    /// <summary>Class names; a label is an index into them.</summary>
    public required string[] Classes { get; init; }

    /// <summary><c>train</c> and <c>test</c>.</summary>
    public required SortedDictionary<string, DatasetSplit> Splits { get; init; }

    /// <summary>Images that could not be decoded and were left out, by path, with the reason; empty unless <see cref="DatasetRequest.OnBadImage"/> is skip.</summary>
    public required SkippedImage[] Skipped { get; init; }
}

/// <param name="ImagesPerClass">Counts in the order of the manifest's classes.</param>
public sealed record DatasetSplit(long Images, long[] ImagesPerClass, DatasetShard[] Shards);

/// <summary>A WebDataset tar: for each sample KEY.jpg (or another image's ending), KEY.cls (the label as text) and KEY.json (its source path).</summary>
public sealed record DatasetShard(StoredFile File, long Images);

public sealed record SkippedImage(string Path, string Reason);
