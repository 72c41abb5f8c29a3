using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Lzn.Durable.Storage;

internal static class BlobExtensions
{
    /// <returns>Null when a blob of the name exists; it is left as it is.</returns>
    public static async Task<BlobContentInfo?> TryCreateAsync(this BlobClient blob, byte[] content, IDictionary<string, string>? metadata, CancellationToken stop)
    {
        var options = new BlobUploadOptions { Metadata = metadata, Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
        try
        {
            return await blob.UploadAsync(BinaryData.FromBytes(content), options, stop).ConfigureAwait(false);
        }
        catch (RequestFailedException fault) when (StorageFault.IsConflict(fault))
        {
            return null;
        }
    }

    public static async Task DeletePrefixAsync(this BlobContainerClient container, string prefix, CancellationToken stop)
    {
        await foreach (var blob in container.GetBlobsAsync(prefix: prefix, cancellationToken: stop).ConfigureAwait(false))
            await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: stop).ConfigureAwait(false);
    }
}
