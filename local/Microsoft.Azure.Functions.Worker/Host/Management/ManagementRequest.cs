using System.Globalization;
using System.Text.Json;
using Lzn.Functions.Catalog;
using Lzn.Functions.Durable;
using Lzn.Functions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Lzn.Functions.Management;

/// <summary>A management request: its route and query in their types. A boolean, time or number that does not parse counts as absent.</summary>
internal sealed class ManagementRequest(HttpContext http)
{
    public HttpRequest Http => http.Request;

    public HttpResponse Response => http.Response;

    public CancellationToken Stop => http.RequestAborted;

    public IServiceProvider Services => http.RequestServices;

    public FunctionCatalog Functions => Services.GetRequiredService<FunctionCatalog>();

    public string InstanceId => Route("instanceId")!; // every route that asks for it has it

    /// <summary>The client of the hub that the query names, or of the app's own.</summary>
    /// <exception cref="ArgumentException">No function of this app names that hub.</exception>
    public HubClient Client
    {
        get
        {
            var own = Services.GetRequiredService<Configuration.HostSettings>().Durable;
            var hub = Text("taskHub") is { } named && named != own.HubName ? named : null;
            var connection = Text("connection") is { } setting && setting != own.ConnectionName ? setting : null;
            return Services.GetRequiredService<DurableClients>().For(hub, connection);
        }
    }

    public string? Route(string name) => http.Request.RouteValues[name] as string;

    public string? Text(string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public bool Flag(string name, bool otherwise) => bool.TryParse(Text(name), out var flag) ? flag : otherwise;

    public int? Number(string name) => int.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    public TimeSpan? Seconds(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : null;

    public DateTimeOffset? Time(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Statuses, separated by commas or repeated; names are case-sensitive, unknown ones are left out. Null when none is left.</summary>
    public IReadOnlyList<OrchestrationRuntimeStatus>? Statuses()
    {
        var known = http.Request.Query["runtimeStatus"]
            .SelectMany(text => (text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
            .Where(name => name.Length > 0 && char.IsLetter(name[0]))
            .Select(name => Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: false, out var status) ? status : (OrchestrationRuntimeStatus?)null)
            .OfType<OrchestrationRuntimeStatus>()
            .ToList();
        return known.Count > 0 ? known : null;
    }

    /// <summary>The body as JSON; null without one.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public async Task<JsonElement?> JsonAsync()
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(Stop).ConfigureAwait(false);
        return text.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Management addresses of an instance, as this API's callers see them.</summary>
    public ManagementUrls Urls(string instanceId)
    {
        var settings = Services.GetRequiredService<Configuration.HostSettings>().Durable;
        var query = $"taskHub={Uri.EscapeDataString(Text("taskHub") ?? settings.HubName)}&connection={Uri.EscapeDataString(Text("connection") ?? settings.ConnectionName)}";
        if (Services.GetRequiredService<FunctionKeys>().Durable is { } key)
            query += "&code=" + Uri.EscapeDataString(key);
        return new ManagementUrls(UriHelper.BuildAbsolute(Http.Scheme, Http.Host, Http.PathBase, DurableClients.Path), instanceId, query);
    }
}
