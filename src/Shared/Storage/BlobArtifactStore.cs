using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace LznPipeline.Shared.Storage;

/// <summary>The container in Azure Blob storage or Azurite.</summary>
public sealed class BlobArtifactStore(BlobContainerClient container) : ArtifactStore
{
    private static readonly BlobRequestConditions IsNew = new() { IfNoneMatch = ETag.All };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public override async Task EnsureAsync(CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            await container.CreateIfNotExistsAsync(cancellationToken: deadline.Token);
        }
        catch (Exception failed) when (failed is RequestFailedException or AggregateException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new StoreUnavailableException(container.Uri, failed);
        }
    }

    public override async Task<StoredContent?> FindAsync(string name, CancellationToken stop)
    {
        try
        {
            var found = await Blob(name).DownloadContentAsync(stop);
            return new StoredContent(found.Value.Content, found.Value.Details.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public override async Task<long?> LengthAsync(string name, CancellationToken stop)
    {
        try
        {
            return (await Blob(name).GetPropertiesAsync(cancellationToken: stop)).Value.ContentLength;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public override async Task<Stream> OpenReadAsync(string name, CancellationToken stop)
    {
        try
        {
            return await Blob(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), stop);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw new FileNotFoundException($"There is no blob '{name}' in container '{container.Name}'.", name, missing);
        }
    }

    public override async Task<bool> CreateAsync(string name, Stream content, CancellationToken stop)
    {
        try
        {
            await Blob(name).UploadAsync(content, new BlobUploadOptions { Conditions = IsNew }, stop);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            return false;
        }
    }

    public override async Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop)
    {
        var conditions = etag is null ? IsNew : new BlobRequestConditions { IfMatch = new ETag(etag) };
        try
        {
            var written = await Blob(name).UploadAsync(content, new BlobUploadOptions { Conditions = conditions }, stop);
            return written.Value.ETag.ToString();
        }
        catch (RequestFailedException moved) when (moved.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    public override Task WriteAsync(string name, Stream content, CancellationToken stop) =>
        Blob(name).UploadAsync(content, overwrite: true, stop);

    public override async Task AppendAsync(string name, BinaryData content, CancellationToken stop)
    {
        var log = container.GetAppendBlobClient(BlobName.Checked(name));
        using var block = content.ToStream();
        try
        {
            await log.AppendBlockAsync(block, cancellationToken: stop);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            await log.CreateIfNotExistsAsync(cancellationToken: stop);
            block.Position = 0;
            await log.AppendBlockAsync(block, cancellationToken: stop);
        }
    }

    public override async Task<bool> CopyAsync(string from, string to, CancellationToken stop)
    {
        var source = Blob(from);
        try
        {
            var copy = await Blob(to).StartCopyFromUriAsync(source.Uri, new BlobCopyFromUriOptions { DestinationConditions = IsNew }, stop);
            await copy.WaitForCompletionAsync(stop);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            await WaitForCopyAsync(to, stop);
            return false;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw new FileNotFoundException($"There is no blob '{from}' in container '{container.Name}'.", from, missing);
        }
    }

    /// <summary>Somebody else's copy may still be under way; until then its target is there, and empty.</summary>
    private async Task WaitForCopyAsync(string name, CancellationToken stop)
    {
        while ((await Blob(name).GetPropertiesAsync(cancellationToken: stop)).Value.BlobCopyStatus is CopyStatus.Pending)
            await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
    }

    public override async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, stop))
            yield return blob.Name;
    }

    public override Task DeleteAsync(string name, CancellationToken stop) =>
        Blob(name).DeleteIfExistsAsync(cancellationToken: stop);

    private BlobClient Blob(string name) => container.GetBlobClient(BlobName.Checked(name));
}
