using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LznPipeline.LocalHost.Settings;

/// <summary>What this host itself is told, from host.json, local.settings.json and the environment.</summary>
internal sealed record HostSettings
{
    /// <summary>In this environment nobody needs a key.</summary>
    internal const string Development = nameof(Development);

    /// <summary>Connection of the host's own storage: task hub, timers.</summary>
    internal const string StorageConnection = "AzureWebJobsStorage";

    /// <summary>
    /// Names this host among those of its task hub.
    /// One that takes the place of a dead one under the same name owns its partitions at once, not when the lease has run out.
    /// </summary>
    internal const string InstanceId = "LocalHost:InstanceId";

    private const int MaxSeconds = 600;

    /// <summary>First part of every HTTP function's address; may be empty.</summary>
    internal required string RoutePrefix { get; init; }

    /// <summary>Hosts of one id share timers: <c>AzureFunctionsWebHost:hostid</c>, else the app's name.</summary>
    internal required string HostId { get; init; }

    /// <summary>Largest request body in bytes, <c>FUNCTIONS_REQUEST_BODY_SIZE_LIMIT</c>; Azure's default is 100 MiB.</summary>
    internal required long RequestBodySizeLimit { get; init; }

    /// <summary>How long what runs may go on at a stop before it is cancelled: <c>LocalHost:DrainSeconds</c>, 0 to 600, 10 if left out.</summary>
    internal required TimeSpan DrainLimit { get; init; }

    /// <summary>
    /// How long the worker has to end after that, so that jobs of the app can save their work, before it is killed:
    /// <c>LocalHost:WorkerStopSeconds</c>, 1 to 600, 45 if left out.
    /// </summary>
    internal required TimeSpan WorkerStopLimit { get; init; }

    /// <summary>
    /// Names by which clients may call this host, with semicolons between: <c>LocalHost:AllowedHosts</c>, those of the loopback address if left out.
    /// </summary>
    internal required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary>Wrong keys that may come from one address in a minute: <c>LocalHost:WrongKeysPerMinute</c>, 20 if left out.</summary>
    internal required int WrongKeysPerMinute { get; init; }

    internal required bool IsDevelopment { get; init; }

    /// <exception cref="HostStartException">A setting is wrong.</exception>
    internal static HostSettings Read(IConfiguration configuration, AppFolder app) => new()
    {
        RoutePrefix = configuration[$"{AppFolder.HostSection}:extensions:http:routePrefix"] ?? "api",
        HostId = (configuration["AzureFunctionsWebHost:hostid"] ?? app.Name).ToLowerInvariant().Replace('.', '-'),
        RequestBodySizeLimit = (long)Number(configuration, "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", 104_857_600, 1, long.MaxValue),
        DrainLimit = TimeSpan.FromSeconds(Number(configuration, "LocalHost:DrainSeconds", 10, 0, MaxSeconds)),
        WorkerStopLimit = TimeSpan.FromSeconds(Number(configuration, "LocalHost:WorkerStopSeconds", 45, 1, MaxSeconds)),
        AllowedHosts = (configuration["LocalHost:AllowedHosts"] ?? "localhost;127.0.0.1;[::1]").Split(';', StringSplitOptions.RemoveEmptyEntries),
        WrongKeysPerMinute = (int)Number(configuration, "LocalHost:WrongKeysPerMinute", 20, 1, int.MaxValue),
        IsDevelopment = configuration["AZURE_FUNCTIONS_ENVIRONMENT"] == Development,
    };

    internal static bool IsDisabled(IConfiguration configuration, string function) =>
        configuration[$"AzureWebJobs:{function}:Disabled"] is "1" or "true" or "True"
            || configuration[$"AzureWebJobs.{function}.Disabled"] is "1" or "true" or "True";

    private static double Number(IConfiguration configuration, string name, double standard, double min, double max)
    {
        if (configuration[name] is not { Length: > 0 } given)
            return standard;
        return double.TryParse(given, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new HostStartException($"{name} is '{given}'. Allowed: a number from {min} to {max}.");
    }
}

/// <summary>The host cannot start, for a reason outside its code; the message says what to do.</summary>
internal sealed class HostStartException(string message, Exception? cause = null) : Exception(message, cause);
