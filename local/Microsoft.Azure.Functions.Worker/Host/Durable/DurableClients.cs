using Lzn.Functions.Configuration;
using Lzn.Functions.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Lzn.Functions.Durable;

/// <summary>The clients of all task hubs that functions name.</summary>
internal sealed class DurableClients(IServiceProvider services, HostSettings settings, FunctionKeys keys)
{
    public const string Path = "/runtime/webhooks/durabletask";

    /// <summary>The name under which a hub's client is registered; empty for the app's own hub.</summary>
    public static string NameOf(string? taskHub, string? connection) => taskHub is null && connection is null ? string.Empty : $"{taskHub}|{connection}";

    public DurableTaskClient For(DurableClientAttribute binding) => For(binding.TaskHub, binding.ConnectionName);

    /// <exception cref="ArgumentOutOfRangeException">No function names that hub and connection.</exception>
    public HubClient For(string? taskHub = null, string? connection = null)
    {
        var client = services.GetRequiredService<IDurableTaskClientProvider>().GetClient(NameOf(taskHub, connection));
        return new HubClient(client, keys.Durable is { } key ? "code=" + Uri.EscapeDataString(key) : string.Empty, BaseUrl, settings.Durable.AnyStateIsOverridable);
    }

    private string? BaseUrl() => services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? address + Path : null;
}
