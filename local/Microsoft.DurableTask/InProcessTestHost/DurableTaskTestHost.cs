using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.DurableTask.Testing;

/// <summary>Runs orchestrations for tests: the engine as it is, on storage in this process's memory, and if wanted on a clock that the test moves.</summary>
/// <example><code>
/// var clock = new FakeTimeProvider();
/// await using var host = await DurableTaskTestHost.StartAsync(
///     tasks => tasks.AddOrchestrator&lt;Remind&gt;(),
///     new() { ConfigureServices = services => services.AddSingleton&lt;TimeProvider&gt;(clock) });
/// var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Remind));
/// clock.Advance(TimeSpan.FromDays(30));
/// await host.Client.WaitForInstanceCompletionAsync(id);
/// </code></example>
public sealed class DurableTaskTestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private DurableTaskTestHost(IHost host) => _host = host;

    /// <summary>Starts and steers the instances of this host.</summary>
    public DurableTaskClient Client => _host.Services.GetRequiredService<DurableTaskClient>();

    /// <summary>What <see cref="DurableTaskTestHostOptions.ConfigureServices"/> registered, and the engine.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a host that has nothing but the given tasks and services.</summary>
    public static async Task<DurableTaskTestHost> StartAsync(
        Action<DurableTaskRegistry> registry, DurableTaskTestHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (options?.LoggerFactory is { } loggers)
            builder.Services.AddSingleton(loggers);
        options?.ConfigureServices?.Invoke(builder.Services);
        builder.Services.AddInMemoryDurableTask(registry);
        var host = builder.Build();
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        return new DurableTaskTestHost(host);
    }

    /// <summary>Stops the host; what it held is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
    }
}
