using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Lzn.Functions.Configuration;

/// <summary>Puts local.settings.json below the environment's variables, and settles the address to listen on.</summary>
internal static class AppConfiguration
{
    public const int DefaultPort = 7071;

    /// <param name="configuration">The app's configuration, environment variables already added.</param>
    /// <param name="contentRoot">Folder searched first for local.settings.json.</param>
    public static void Add(IConfigurationBuilder configuration, string contentRoot)
    {
        var local = LocalSettings.Load(contentRoot);
        configuration.Sources.Insert(BeforeEnvironment(configuration.Sources), new MemoryConfigurationSource { InitialData = local.Values });
        AddUrls(configuration, local.LocalHttpPort ?? DefaultPort);
    }

    // In order: --port, ASPNETCORE_URLS (or --urls), ASPNETCORE_HTTP_PORTS, LocalHttpPort, 7071.
    private static void AddUrls(IConfigurationBuilder configuration, int defaultPort)
    {
        var given = configuration as IConfiguration ?? configuration.Build();
        if (given["port"] is { Length: > 0 } port)
            configuration.AddInMemoryCollection([Urls(ParsePort(port))]);
        else if (given["http_ports"] is null && given["https_ports"] is null)
            configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [Urls(defaultPort)] });
    }

    private static KeyValuePair<string, string?> Urls(int port) => new(WebHostDefaults.ServerUrlsKey, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new FunctionsStartException($"--port is '{text}'. Allowed: a number from 0 to 65535; 0 takes a free port.");

    private static int BeforeEnvironment(IList<IConfigurationSource> sources)
    {
        for (var i = sources.Count - 1; i >= 0; i--)
        {
            if (sources[i] is EnvironmentVariablesConfigurationSource { Prefix: null or "" })
                return i;
        }

        return sources.Count;
    }
}
