using Lzn.Durable;
using Lzn.Functions.Catalog;
using Lzn.Functions.Configuration;
using Lzn.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lzn.Functions.Durable;

/// <summary>Adds the durable engine with the app's orchestrators and activities, when it has any.</summary>
internal static class DurableHosting
{
    private static readonly TimeSpan TimeToCancel = TimeSpan.FromSeconds(5); // for activities that heed their token

    public static bool IsUsedBy(FunctionCatalog functions) =>
        functions.Functions.Any(function => function.Trigger is OrchestrationTriggerAttribute or ActivityTriggerAttribute) || ClientsOf(functions).Any();

    /// <summary>The client bindings of all functions.</summary>
    public static IEnumerable<DurableClientAttribute> ClientsOf(FunctionCatalog functions) =>
        functions.Functions.SelectMany(function => function.Arguments).Select(argument => argument.Binding).OfType<DurableClientAttribute>();

    public static void AddTo(IServiceCollection services, FunctionCatalog functions, HostSettings settings, StorageNeeds storage)
    {
        services.AddSingleton<DurableClients>();
        if (!IsUsedBy(functions))
            return;
        services.AddOptions<DurableTaskRegistry>().Configure<IServiceProvider>((registry, provider) => Register(registry, functions, provider));
        services.AddOptions<DurableTaskWorkerOptions>().Configure<IOptions<WorkerOptions>>((options, worker) => Configure(options, worker.Value, settings.Durable));
        var own = new Hub(settings, storage);
        services.AddDurableTaskWorker().UseAzureStorage(own.Configure);
        AddClient(services, own, taskHub: null, connection: null);
        foreach (var client in ClientsOf(functions))
            AddClient(services, own, client.TaskHub, client.ConnectionName);
    }

    private static void AddClient(IServiceCollection services, Hub own, string? taskHub, string? connection)
    {
        var name = DurableClients.NameOf(taskHub, connection);
        services.AddOptions<DurableTaskClientOptions>(name).Configure<IOptions<WorkerOptions>>((options, worker) =>
        {
            options.EnableEntitySupport = true;
            options.DataConverter = new SerializerConverter(worker.Value.Serializer!);
        });
        services.AddDurableTaskClient(name).UseAzureStorage((own with { Name = taskHub ?? own.Name, Connection = connection ?? own.Connection }).Configure);
    }

    private static void Configure(DurableTaskWorkerOptions options, WorkerOptions worker, DurableSettings settings)
    {
        options.EnableEntitySupport = true;
        options.DataConverter = new SerializerConverter(worker.Serializer!);
        options.Concurrency.MaximumConcurrentActivityWorkItems = settings.MaxConcurrentActivityFunctions ?? 10 * Environment.ProcessorCount;
        options.Concurrency.MaximumConcurrentOrchestrationWorkItems = settings.MaxConcurrentOrchestratorFunctions ?? 10 * Environment.ProcessorCount;
    }

    private static void Register(DurableTaskRegistry registry, FunctionCatalog functions, IServiceProvider services)
    {
        foreach (var (function, trigger) in functions.StartedBy<OrchestrationTriggerAttribute>())
            registry.AddOrchestrator(trigger.Orchestration ?? function.Name, () => new FunctionOrchestrator(function, services));
        foreach (var (function, trigger) in functions.StartedBy<ActivityTriggerAttribute>())
            registry.AddActivity(trigger.Activity ?? function.Name, scope => new FunctionActivity(function, scope));
    }

    /// <summary>A task hub in the storage account that an app setting names.</summary>
    private sealed record Hub(string Name, string Connection, HostSettings Host, StorageNeeds Storage)
    {
        public Hub(HostSettings host, StorageNeeds storage)
            : this(host.Durable.HubName, host.Durable.ConnectionName, host, storage)
        {
        }

        public void Configure(AzureStorageDurableOptions options)
        {
            options.HubName = Name;
            options.AppName = Host.HostId;
            options.ConnectionString = Storage[Connection].ConnectionString;
            options.PartitionCount = Host.Durable.PartitionCount ?? options.PartitionCount;
            if (options.DrainTimeout < Host.DrainLimit + TimeToCancel)
                options.DrainTimeout = Host.DrainLimit + TimeToCancel;
        }
    }
}
