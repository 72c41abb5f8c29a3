using Azure.Core;
using Azure.Storage.Blobs;
using Lzn.Functions.Catalog;
using Lzn.Functions.Configuration;
using Lzn.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Lzn.Functions.Storage;

/// <summary>A storage account that the app's functions need.</summary>
/// <param name="Setting">App setting with its connection string.</param>
internal sealed record StorageNeed(string Setting, string ConnectionString, BlobServiceClient Blobs);

/// <summary>The storage accounts the app's functions need; none when it has only HTTP functions.</summary>
internal sealed record StorageNeeds(IReadOnlyList<StorageNeed> All)
{
    public StorageNeed this[string setting] => All.First(need => need.Setting == setting);

    public static StorageNeeds Of(FunctionCatalog functions, HostSettings settings, IConfiguration app, ICollection<string> problems)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (functions.StartedBy<TimerTriggerAttribute>().Any())
            names.Add(settings.StorageConnectionName);
        if (DurableHosting.IsUsedBy(functions))
            names.Add(settings.Durable.ConnectionName);
        foreach (var client in DurableHosting.ClientsOf(functions))
            names.Add(client.ConnectionName ?? settings.Durable.ConnectionName);
        return new([.. names.Select(name => Need(name, app, problems)).OfType<StorageNeed>()]);
    }

    private static StorageNeed? Need(string setting, IConfiguration app, ICollection<string> problems)
    {
        // The Functions host looks for a connection under its plain name and under ConnectionStrings.
        if ((app[setting] ?? app.GetConnectionString(setting)) is not { Length: > 0 } connection)
        {
            problems.Add($"App setting '{setting}' is missing. Set it to a storage connection string, or to 'UseDevelopmentStorage=true' for Azurite on its usual ports.");
            return null;
        }

        try
        {
            return new(setting, connection, new BlobServiceClient(connection, Patient()));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            problems.Add($"App setting '{setting}' is not a storage connection string: {exception.Message}");
            return null;
        }
    }

    private static BlobClientOptions Patient()
    {
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        return options;
    }
}
