using LznPipeline.Orchestrations.Runs;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations.Timers;

/// <summary>Each night: the champion of every model embeds the current version of the dataset that it was trained on.</summary>
/// <remarks>The instance's id is made of night, dataset and model, so a timer that fires twice starts nothing twice.</remarks>
public sealed class ReembedNightly(ArtifactStore store, TimeProvider clock, ILogger<ReembedNightly> log)
{
    [Function(nameof(ReembedNightly))]
    public async Task RunAsync([TimerTrigger("%ReembedSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        var night = clock.GetUtcNow().ToString("yyyyMMdd");
        await foreach (var champion in ChampionsAsync(stop))
        {
            if (await store.FindJsonAsync<VersionPointer>(BlobLayout.DatasetCurrent(champion.Dataset.Name), stop) is not { } current)
                continue;
            var request = new ReembedRequest(new DatasetRef(champion.Dataset.Name, current.Version), new ModelRef(champion.Name, champion.Version));
            var id = $"reembed-{night}-{request.Dataset.Name}-{request.Model.Name}";
            if (await client.StartOnceAsync(nameof(ReembedWorkflow), id, request, stop))
                log.ReembeddingStarted(request.Dataset.Name, request.Dataset.Version, request.Model.Name, request.Model.Version);
        }
    }

    private async IAsyncEnumerable<ModelManifest> ChampionsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var name in store.ListAsync("models/", stop))
        {
            if (name.Split('/') is not [_, var model, _] || name != BlobLayout.ModelChampion(model))
                continue;
            if (await store.FindJsonAsync<VersionPointer>(name, stop) is { } champion
                && await store.FindJsonAsync<ModelManifest>(BlobLayout.ModelManifest(model, champion.Version), stop) is { } manifest)
                yield return manifest;
        }
    }
}
