using Lzn.Durable;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>A host with worker and client on one task hub.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public DurableTaskClient Client => _host.Services.GetRequiredService<DurableTaskClient>();

    public IServiceProvider Services => _host.Services;

    public IOrchestrationHistory History => (IOrchestrationHistory)Client;

    public static async Task<TestHost> StartAsync(
        string connectionString,
        string hub,
        Action<DurableTaskRegistry> tasks,
        Action<AzureStorageDurableOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<IDurableTaskWorkerBuilder>? worker = null,
        bool isClientOnly = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        services?.Invoke(builder.Services);
        if (!isClientOnly)
        {
            builder.Services.AddDurableTaskWorker(built =>
            {
                built.AddTasks(tasks).UseAzureStorage(Configure);
                worker?.Invoke(built);
            });
        }

        builder.Services.AddDurableTaskClient(client => client.UseAzureStorage(Configure));
        var host = builder.Build();
        await host.StartAsync();
        return new TestHost(host);

        void Configure(AzureStorageDurableOptions options)
        {
            options.ConnectionString = connectionString;
            options.HubName = hub;
            configure?.Invoke(options);
        }
    }

    /// <summary>Starts an instance and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, StartOrchestrationOptions? options = null) =>
        await EndAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options));

    public async Task<OrchestrationMetadata> EndAsync(string instanceId)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, patience.Token);
        }
        catch (OperationCanceledException late)
        {
            var last = await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true);
            var history = await History.GetHistoryAsync(instanceId);
            throw new TimeoutException($"Instance did not end: {last}. History: {string.Join("\n", history ?? [])}", late);
        }
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
