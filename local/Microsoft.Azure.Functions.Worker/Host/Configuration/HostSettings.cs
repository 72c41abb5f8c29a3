using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Lzn.Functions.Configuration;

/// <summary>What host.json says about the app, with overrides from app settings <c>AzureFunctionsJobHost__...</c>.</summary>
internal sealed record HostSettings
{
    public const string FileName = "host.json";

    public const string BodySizeSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    private const string DrainSetting = "Lzn:Functions:DrainSeconds";
    private const int LongestDrain = 600;

    /// <summary>First part of every HTTP function's address; may be empty.</summary>
    public string RoutePrefix { get; init; } = "api";

    public DurableSettings Durable { get; init; } = new();

    /// <summary>Identifies the app among all that share the storage account: hosts of one id share timers.</summary>
    public string HostId { get; init; } = "functions";

    /// <summary>App setting that holds the storage connection of timers.</summary>
    public string StorageConnectionName { get; init; } = "AzureWebJobsStorage";

    /// <summary>Largest request body in bytes; Azure's own setting and default.</summary>
    public long RequestBodySizeLimit { get; init; } = 104_857_600;

    /// <summary>How long requests, timers and activities that run may go on when the host stops, before they are cancelled.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);

    public static HostSettings Load(IConfiguration app, string contentRoot, string appName, ICollection<string> problems)
    {
        var host = new ConfigurationBuilder();
        var path = AppFiles.Find(contentRoot, FileName);
        if (path is not null)
            host.AddJsonFile(path, optional: false, reloadOnChange: false);
        host.AddConfiguration(app.GetSection("AzureFunctionsJobHost"));
        try
        {
            return Read(host.Build(), app, path, appName, problems);
        }
        catch (InvalidDataException exception)
        {
            throw new FunctionsStartException($"{path} is not valid JSON: {(exception.InnerException ?? exception).Message}", exception);
        }
    }

    private static HostSettings Read(IConfiguration host, IConfiguration app, string? path, string appName, ICollection<string> problems)
    {
        if (path is not null && host["version"] != "2.0")
            problems.Add($"{path}: version is '{host["version"]}'. Allowed: \"2.0\".");
        var sizeLimit = app[BodySizeSetting];
        if (sizeLimit is not null && !(long.TryParse(sizeLimit, out var size) && size > 0))
            problems.Add($"{BodySizeSetting} is '{sizeLimit}'. Allowed: a number of bytes above 0.");

        var drain = app[DrainSetting];
        if (drain is not null && !(double.TryParse(drain, CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= LongestDrain))
            problems.Add($"{DrainSetting} is '{drain}'. Allowed: 0 to {LongestDrain} seconds.");

        var standard = new HostSettings();
        return new()
        {
            RoutePrefix = host["extensions:http:routePrefix"] ?? standard.RoutePrefix,
            Durable = DurableSettings.Read(host.GetSection("extensions:durableTask"), app, problems),
            HostId = (app["AzureFunctionsWebHost:hostid"] ?? app["WEBSITE_SITE_NAME"] ?? appName).ToLowerInvariant(),
            RequestBodySizeLimit = long.TryParse(sizeLimit, out var limit) && limit > 0 ? limit : standard.RequestBodySizeLimit,
            DrainLimit = double.TryParse(drain, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= LongestDrain ? TimeSpan.FromSeconds(seconds) : standard.DrainLimit,
        };
    }
}
