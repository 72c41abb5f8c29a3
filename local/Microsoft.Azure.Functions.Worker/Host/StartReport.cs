using Lzn.Functions.Catalog;
using Lzn.Functions.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions;

/// <summary>Functions switched off by app settings.</summary>
internal sealed record DisabledFunctions(IReadOnlyList<FunctionDescriptor> Functions);

/// <summary>Says, once everything runs, what this host runs and where it listens.</summary>
internal sealed class StartReport(
    FunctionCatalog functions,
    DisabledFunctions disabled,
    IReadOnlyList<HttpRoute> routes,
    FunctionKeys keys,
    IServer server,
    IHostEnvironment environment,
    ILogger<StartReport> log) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var route in routes)
            log.Hosts(route.Function.Name, route.Display);
        foreach (var function in functions.Functions.Where(function => function.Trigger is not HttpTriggerAttribute))
            log.Hosts(function.Name, FunctionDescriptor.TypeOf(function.Trigger));
        foreach (var function in disabled.Functions)
            log.Disabled(function.Name);
        WarnOfMissingKeys();
        log.Listening(string.Join(' ', server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []), functions.Functions.Count, environment.EnvironmentName);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WarnOfMissingKeys()
    {
        var closed = routes.Where(route => route.Level == AuthorizationLevel.Function && !keys.Open && !keys.AnyFor(route.Function.Name)).Select(route => route.Function.Name).ToList();
        if (closed.Count > 0)
            log.NoKeys(string.Join(", ", closed), FunctionKeys.Section + ":Host");
    }
}
