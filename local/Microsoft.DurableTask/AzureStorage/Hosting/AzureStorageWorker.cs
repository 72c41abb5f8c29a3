using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lzn.Durable.Hosting;

/// <summary>A host of a task hub: runs the orchestrations of its partitions, and their activities.</summary>
internal sealed class AzureStorageWorker : DurableTaskWorker
{
    private readonly HostServices _services;
    private readonly PartitionBalance _balance;
    private readonly ActivityPump _pump;
    private readonly Watchdog _watchdog;
    private readonly string _host = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    public AzureStorageWorker(
        string name,
        IDurableTaskFactory factory,
        TaskHubs hubs,
        IOptionsMonitor<AzureStorageDurableOptions> storage,
        IOptionsMonitor<DurableTaskWorkerOptions> options,
        IServiceProvider provider,
        IServiceScopeFactory scopes,
        ILoggerFactory loggers)
        : base(name, factory)
    {
        var worker = options.Get(name);
        var tasks = (IVersionedTaskFactory)factory; // the builder of this drop-in makes no other
        var logger = loggers.CreateLogger("Lzn.Durable");
        var hub = hubs.Get(storage.Get(name));
        var replay = new ReplaySettings(
            (task, version) => tasks.TryCreateOrchestrator(task, version, provider, out var orchestrator) ? orchestrator : null,
            worker.DataConverter,
            loggers,
            worker.Versioning?.DefaultVersion ?? "");
        var stopping = provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var own = storage.Get(name);
        var executor = new ActivityExecutor(tasks, worker.DataConverter, scopes, stopping, logger);
        var slots = new ActivitySlots(worker.Concurrency.MaximumConcurrentActivityWorkItems, own.ActivityConcurrency);
        var hosts = new HostRegistry(hub.Container, _host, own.AppName);
        var turns = new SemaphoreSlim(worker.Concurrency.MaximumConcurrentOrchestrationWorkItems);
        _services = new HostServices(hub, own, replay, hosts, slots, new ActivityRunner(hub, executor, slots, logger), turns, own.Clock, logger);
        _pump = new ActivityPump(hub, executor, slots, hosts, own.MaxPollingInterval, logger);
        _balance = new PartitionBalance(_services);
        _watchdog = new Watchdog(hub, own, () => _balance.Uncertain, logger);
    }

    /// <exception cref="HubUnavailableException">Storage does not answer, or another app works on the hub: the host does not start.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _services.Hub.OpenAsync(cancellationToken).ConfigureAwait(false);
        await _services.Hosts.JoinAsync(cancellationToken).ConfigureAwait(false);
        Logs.HostStarted(_services.Logger, _services.Options.HubName, _host, _services.Hub.PartitionCount);
        await _balance.AdjustAsync(cancellationToken).ConfigureAwait(false); // so that from the first message on all take the short way, in order
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets running activities end and their results be written, then gives the partitions back.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await _balance.QuietAsync().ConfigureAwait(false);
        await Task.WhenAll(_services.Activities.DrainAsync(_services.Options.DrainTimeout), _pump.DrainAsync(_services.Options.DrainTimeout)).ConfigureAwait(false);
        await _balance.ReleaseAllAsync().ConfigureAwait(false); // also when stopping is urgent: others then need not wait for the leases
    }

    public override void Dispose()
    {
        _services.Activities.Dispose();
        _pump.Dispose();
        _services.Turns.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(BalanceAsync(stoppingToken), _pump.RunAsync(stoppingToken), _watchdog.RunAsync(stoppingToken));

    private async Task BalanceAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_balance.Interval, stoppingToken).ConfigureAwait(false);
                await _balance.AdjustAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
