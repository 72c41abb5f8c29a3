using Microsoft.Extensions.Hosting;

namespace Lzn.Functions.Durable;

/// <summary>
/// Tells running activities that the host stops: not at once, but a moment after the engine began to drain them. They may end by then; one that is
/// cancelled later counts as interrupted and runs again on the next host, while one cancelled before the drain would count as failed.
/// </summary>
/// <remarks>Hosted services stop in reverse order, so this one is added right after the engine's worker.</remarks>
internal sealed class ActivityStop : IHostedService, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();

    public CancellationToken Token => _stop.Token;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.CancelAfter(Grace);
        return Task.CompletedTask;
    }

    public void Dispose() => _stop.Dispose();
}
