using LznPipeline.Shared.Options;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;

namespace LznPipeline.Activities.Options;

/// <summary>The address of the storage account, as the Functions host is given it.</summary>
internal static class StorageSetting
{
    /// <summary>A connection string, or the blob service's URL where the host uses a managed identity.</summary>
    /// <exception cref="OptionsException">Neither is set.</exception>
    internal static string Read(IConfiguration configuration) =>
        configuration[StoreAddress.Setting] is { Length: > 0 } connection ? connection
        : configuration[$"{StoreAddress.Setting}:blobServiceUri"] is { Length: > 0 } service ? service
        : configuration[$"{StoreAddress.Setting}:accountName"] is { Length: > 0 } account ? $"https://{account}.blob.core.windows.net"
        : throw new OptionsException(StoreAddress.Setting, null, $"a storage connection string, or a URL in {StoreAddress.Setting}__blobServiceUri; './lzn up' sets it for local runs");
}
