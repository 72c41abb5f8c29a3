using LznPipeline.Shared;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;
using System.Text.Json;

namespace LznPipeline.Activities.Planning;

/// <summary>Writes down for each step of a run where its result comes from.</summary>
public sealed class Lineage(ArtifactStore store, ILogger<Lineage> log)
{
    internal async Task RecordAsync(string runId, StepLineage lineage, CancellationToken stop)
    {
        if (lineage.Reused)
            log.Reused(runId, lineage.Step, lineage.Output, lineage.Why);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(lineage, LznJson.Readable), writable: false);
        await store.WriteAsync(BlobLayout.Lineage(runId, lineage.Step), content, stop);
    }
}
