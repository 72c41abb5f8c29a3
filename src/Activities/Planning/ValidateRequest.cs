using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Activities.Planning;

/// <summary>Checks the request, also when it did not come through our own HTTP function, and keeps it with the run. Running it again changes nothing.</summary>
public sealed class ValidateRequest(SourceCheck sources, ArtifactStore store)
{
    [Function(nameof(ValidateRequest))]
    public async Task RunAsync([ActivityTrigger] RunRequest run, CancellationToken stop)
    {
        _ = run.Request.Validate();
        await sources.ThrowUnlessReadableAsync(run.Request, stop);
        await store.CreateJsonAsync(BlobLayout.RunRequest(run.RunId), run.Request, stop);
    }
}

/// <summary>A run and what was asked of it.</summary>
public sealed record RunRequest(string RunId, TrainRequest Request);
