using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>Makes the container, and lets the app fail at its start, with a clear reason, when storage does not answer.</summary>
internal sealed class StoreCheck(ArtifactStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => store.EnsureAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
