using Lzn.Functions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Lzn.Functions;

/// <summary>The end of what runs when the host stops: requests, timers and activities may end within a limit, then they are cancelled.</summary>
internal sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenRegistration _stopping;

    public Drain(IHostApplicationLifetime lifetime, HostSettings settings) =>
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(settings.DrainLimit));

    /// <summary>Cancelled when the limit has passed since the stop began.</summary>
    public CancellationToken Over => _over.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
