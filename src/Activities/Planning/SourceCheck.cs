using LznPipeline.Activities.Options;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Planning;

/// <summary>Says whether what a request starts from is there, and lies where sources may lie: a request must not reach every file that the app can.</summary>
public sealed class SourceCheck(ArtifactStore store, LznOptions options)
{
    /// <exception cref="OptionsException">Names each source that must not be read, or is not there.</exception>
    public async Task ThrowUnlessReadableAsync(TrainRequest request, CancellationToken stop)
    {
        var problems = new Problems();
        await CheckAsync(problems, "dataset.source", request.Dataset.Source, "a folder with files, an archive (tar, zip, 7z) or a parquet file", stop);
        if (request.StartFrom is { } checkpoint)
            await CheckAsync(problems, "startFrom", checkpoint, "a checkpoint file", stop);
        if (request.Validate().Evaluation.Images?.FeatureNetwork is { } network)
        {
            problems.Unless(options.AllowTorchScript, FeatureNetworkRecipe.Field, network.Source,
                "nothing, unless the setting Lzn:AllowTorchScript is true: a TorchScript file is a program, which runs with the rights of the job");
            await CheckAsync(problems, FeatureNetworkRecipe.Field, network.Source, "a TorchScript file", stop);
        }

        problems.ThrowIfAny();
    }

    private async Task CheckAsync(Problems problems, string field, string address, string kinds, CancellationToken stop)
    {
        if (!options.SourcesOrDefault.Any(place => IsWithin(address, place)))
            problems.Unless(false, field, address, $"what lies in {string.Join(" or ", options.SourcesOrDefault)}; the setting Lzn:Sources names these places");
        else if (SourceAddress.BlobOf(address) is { } blob)
            problems.Unless(await store.LengthAsync(blob, stop) > 0, field, address, $"{kinds} in the container. Upload it, or correct the name");
        else
            problems.Unless(Directory.Exists(address) || new FileInfo(address) is { Exists: true, Length: > 0 }, field, address,
                $"{kinds} that this app and its jobs can read, or blob:NAME of such a file in the container. There is no such file with content");
    }

    /// <param name="place">A folder, or <c>blob:</c> with the beginning of names.</param>
    private static bool IsWithin(string address, string place)
    {
        if (SourceAddress.BlobOf(place) is { } prefix)
            return SourceAddress.BlobOf(address)?.StartsWith(prefix, StringComparison.Ordinal) == true;
        return SourceAddress.BlobOf(address) is null && RealPath.Of(address) is { } path && RealPath.Of(place) is { } folder
            && $"{path}/".StartsWith(folder == "/" ? folder : $"{folder}/", StringComparison.Ordinal);
    }
}
