using Azure;
using Microsoft.Extensions.Hosting;

namespace Lzn.Functions.Storage;

/// <summary>Asks each needed storage account for a sign of life before anything starts, so that a wrong or stopped one is named at once.</summary>
internal sealed class StorageCheck(StorageNeeds needs) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var need in needs.All)
            await CheckAsync(need, cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task CheckAsync(StorageNeed need, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            await need.Blobs.GetPropertiesAsync(patience.Token).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status is 401 or 403)
        {
            throw new FunctionsStartException($"Storage at {need.Blobs.Uri} refuses the credentials of app setting '{need.Setting}' ({exception.Status} {exception.ErrorCode}). Correct the key.", exception);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            var cause = exception is AggregateException many ? many.InnerExceptions[^1].Message : exception.Message.ReplaceLineEndings(" ");
            throw new FunctionsStartException(
                $"Storage at {need.Blobs.Uri} (app setting '{need.Setting}') cannot be reached: {cause} Start it (Azurite for development) or correct the setting.", exception);
        }
    }
}
