using System.Collections.Immutable;
using LznPipeline.LocalHost.Functions;
using LznPipeline.LocalHost.Http;
using LznPipeline.LocalHost.Protocol;
using LznPipeline.LocalHost.Settings;
using LznPipeline.LocalHost.Storage;
using LznPipeline.LocalHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LznPipeline.LocalHost;

/// <summary>
/// Puts the host together: the worker first, for only it knows the functions; then a WebJobs host with the real durable extension, behind one HTTP front.
/// </summary>
internal static class FunctionsHost
{
    internal const int DefaultPort = 7071;

    /// <summary>What the durable extension, timers and locks have to finish at a stop, beyond the drain.</summary>
    private static readonly TimeSpan TimeToClose = TimeSpan.FromSeconds(30);

    /// <summary>Runs an app until it is told to stop.</summary>
    /// <param name="folder">The app's output folder.</param>
    /// <param name="port">0 lets the system choose.</param>
    /// <exception cref="HostStartException">It cannot run as it is.</exception>
    internal static async Task RunAsync(string folder, int port, CancellationToken stop)
    {
        var app = AppFolder.Read(folder);
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = app.Path, EnvironmentName = app.Setting("AZURE_FUNCTIONS_ENVIRONMENT") });
        Configure(builder.Configuration, app);
        HostLogging.Add(builder.Logging, builder.Configuration);
        var settings = HostSettings.Read(builder.Configuration, app);
        using var logs = LoggerFactory.Create(logging => HostLogging.Add(logging, builder.Configuration));

        await using var worker = new LanguageWorker(app, settings, logs);
        var functions = Function.Read(await worker.StartAsync(stop), name => HostSettings.IsDisabled(builder.Configuration, name));
        using var refused = new RefusedFunctions(logs.CreateLogger(RefusedFunctions.Category));
        builder.Logging.AddProvider(refused).AddFilter<ConsoleLoggerProvider>(RefusedFunctions.Category, LogLevel.None);
        await using var front = Build(builder, worker, functions, settings, port);
        await front.Services.GetRequiredService<StorageWatch>().WaitAsync(stop);
        await front.StartAsync(stop);
        refused.ThrowIfAny();
        var log = logs.CreateLogger("LocalHost");
        front.Lifetime.ApplicationStopping.Register(() => log.Stopping(settings.DrainLimit.TotalSeconds));
        log.Listening(front.Urls.Single(), functions.Length, builder.Environment.EnvironmentName);
        await front.WaitForShutdownAsync(stop);
    }

    /// <summary>From weakest to strongest: host.json, local.settings.json, environment.</summary>
    private static void Configure(ConfigurationManager configuration, AppFolder app)
    {
        // CONTAINER_NAME, which container engines set, would make the durable extension take this for Azure's consumption plan.
        Environment.SetEnvironmentVariable("CONTAINER_NAME", null);
        if (app.Setting("WEBSITE_TIME_ZONE") is { Length: > 0 } zone)
            Environment.SetEnvironmentVariable("TZ", zone);
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(app.HostJson)
            .AddInMemoryCollection(app.LocalValues.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), value.Value)))
            .AddEnvironmentVariables()
            .AddInMemoryCollection([new("AzureWebJobsConfigurationSection", AppFolder.HostSection), new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")]);

        // From these two the durable extension makes the name under which a host owns partitions.
        // The machine's name alone, its standard, would make two hosts on one machine one owner.
        var instance = configuration[HostSettings.InstanceId] ?? $"{Environment.MachineName}-{Environment.ProcessId}";
        configuration.AddInMemoryCollection([new("WEBSITE_CURRENT_STAMPNAME", "local"), new("RoleInstanceId", instance)]);
    }

    private static WebApplication Build(
        WebApplicationBuilder builder, LanguageWorker worker, ImmutableArray<Function> functions, HostSettings settings, int port)
    {
        var type = new FunctionType(functions);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.RequestBodySizeLimit;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainLimit + TimeToClose);
        builder.Services.AddRoutingCore().AddHttpForwarder().AddProblemDetails().AddHostFiltering(hosts => hosts.AllowedHosts = [.. settings.AllowedHosts]);
        builder.Services.AddSingleton(settings).AddSingleton(worker).AddSingleton(type).AddSingleton<ITypeLocator>(type)
            .AddSingleton<HttpForwarding>().AddSingleton<Keys>().AddSingleton<ManagementRoutes>().AddSingleton<FunctionRoutes>().AddSingleton<HostRoutes>()
            .AddSingleton<StorageWatch>().AddHostedService(services => services.GetRequiredService<StorageWatch>())
            .AddSingleton(services => ActivatorUtilities.CreateInstance<FunctionRunner>(services, functions))
            .AddSingleton<FunctionCall>(services => services.GetRequiredService<FunctionRunner>().RunAsync);
        HostTelemetry.Add(builder.Services, builder.Configuration);
        // One id on every machine and after every build, so that hosts of one app know each other.
        builder.Host.ConfigureWebJobs(
            (_, jobs) => jobs.UseHostId(settings.HostId).AddAzureStorageCoreServices().AddTimers().AddDurableTask(), _ => { }, (_, _) => { });
        AddOwn(builder.Services, settings);

        var front = builder.Build();
        RequestGuard.Use(front);
        front.Services.GetRequiredService<HostRoutes>().Map(front, functions);
        front.Services.GetRequiredService<ManagementRoutes>().Map(front);
        front.Services.GetRequiredService<FunctionRoutes>().Map(front, functions);
        return front;
    }

    /// <summary>Ours in place of the packages', after they were added.</summary>
#pragma warning disable CS0618 // interfaces that are marked as not for everyone, and have no other form
    private static void AddOwn(IServiceCollection services, HostSettings settings)
    {
        // as the storage package adds it
        var leases = services.Last(service => service.ServiceType == typeof(IDistributedLockManager)).ImplementationFactory!;
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TimerLocks>(provider, leases(provider)));
        services.AddSingleton<IDistributedLockManager>(provider => provider.GetRequiredService<TimerLocks>());
        services.Replace(ServiceDescriptor.Singleton<ScheduleMonitor, TimerStatus>());
        services.AddSingleton<IWebHookProvider>(provider => provider.GetRequiredService<ManagementRoutes>());
        services.AddSingleton<IWebJobsExceptionHandlerFactory, LoggedExceptions>();
        services.Configure<JobHostOptions>(options => options.AllowPartialHostStartup = true);     // a listener that cannot start yet is tried again
    }
#pragma warning restore CS0618
}
