using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace LznPipeline.Shared.Storage;

/// <summary>Opens the store that a setting names.</summary>
public static class StoreAddress
{
    /// <summary>The setting of the Functions world that holds the storage account; GPU jobs read the same one.</summary>
    public const string Setting = "AzureWebJobsStorage";

    private const string Folder = "folder:";

    /// <summary>Opens the store and makes sure that it answers.</summary>
    /// <param name="address">
    /// A storage connection string, <c>UseDevelopmentStorage=true</c> for Azurite's default ports,
    /// the URL of a blob service (with managed identity), or <c>folder:PATH</c>.
    /// </param>
    /// <exception cref="StoreUnavailableException">Nothing answers there.</exception>
    public static async Task<ArtifactStore> OpenAsync(string address, CancellationToken stop)
    {
        var store = Open(address);
        await store.EnsureAsync(stop);
        return store;
    }

    /// <summary>The store at an address, not yet asked whether it answers.</summary>
    public static ArtifactStore Open(string address) => address.StartsWith(Folder, StringComparison.Ordinal)
        ? new FolderArtifactStore(address[Folder.Length..])
        : new BlobArtifactStore(ContainerAt(address));

    private static BlobContainerClient ContainerAt(string address) => Service(address).GetBlobContainerClient(BlobLayout.Container);

    private static BlobServiceClient Service(string address)
    {
        var options = new BlobClientOptions
        {
            Retry = { Mode = RetryMode.Exponential, MaxRetries = 5, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromMinutes(2) }
        };
        try
        {
            return Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
                ? new BlobServiceClient(url, new DefaultAzureCredential(), options)
                : new BlobServiceClient(address, options);
        }
        catch (FormatException wrong)
        {
            // The address may hold a key, so it is not shown.
            throw new ArgumentException(
                $"{Setting} is not a storage connection string, a blob service URL, or folder:PATH ({wrong.Message}).", nameof(address), wrong);
        }
    }
}

/// <summary>Blob storage does not answer. Trying again later may help.</summary>
public sealed class StoreUnavailableException(Uri container, Exception cause) : IOException(
    $"Blob storage does not answer at {container.GetLeftPart(UriPartial.Path)}: {cause.GetBaseException().Message} "
    + $"Start it ('./lzn up' starts Azurite) or correct {StoreAddress.Setting}.",
    cause);
