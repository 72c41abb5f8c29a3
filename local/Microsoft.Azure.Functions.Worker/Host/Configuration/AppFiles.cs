using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Lzn.Functions.Configuration;

/// <summary>Where the app's files lie, and the settings that must be known before any host exists.</summary>
internal static class AppFiles
{
    private const string Prefix = "AZURE_FUNCTIONS_";

    /// <summary>The nearest file of that name: in the content root, else beside the program.</summary>
    public static string? Find(string contentRoot, string name) =>
        new[] { Path.Combine(contentRoot, name), Path.Combine(AppContext.BaseDirectory, name) }.FirstOrDefault(File.Exists);

    public static WebApplicationOptions WebApplicationOptions(string[]? args)
    {
        var configuration = new ConfigurationManager();
        AddHostConfiguration(configuration, args ?? []);
        return new WebApplicationOptions
        {
            Args = args,
            EnvironmentName = configuration[HostDefaults.EnvironmentKey],
            ContentRootPath = configuration[HostDefaults.ContentRootKey],
        };
    }

    /// <summary>AZURE_FUNCTIONS_ENVIRONMENT and its like: from local.settings.json, above it the environment, above that the command line.</summary>
    public static void AddHostConfiguration(IConfigurationBuilder configuration, string[] args)
    {
        var given = new ConfigurationBuilder().AddEnvironmentVariables(Prefix).AddCommandLine(args).Build();
        var local = LocalSettings.Load(given[HostDefaults.ContentRootKey] ?? Directory.GetCurrentDirectory()).Values
            .Where(value => value.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(value => KeyValuePair.Create(value.Key[Prefix.Length..], value.Value));
        configuration.AddInMemoryCollection(local).AddConfiguration(given);
    }
}
