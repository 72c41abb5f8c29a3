using System.Net;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace System.IO.Hashing.Tests;

/// <summary>The reason why this assembly exists: the storage packages refer to it, by strong name.</summary>
public sealed class AzureStorageTests
{
    [Fact]
    public async Task Upload_WithCrc64Validation_LoadsThisAssemblyAndSendsTheChecksum()
    {
        using var service = new RecordingService();
        var blob = new BlobClient(new Uri("http://localhost/account/container/blob"), new BlobClientOptions { Transport = new HttpClientTransport(service) });
        var validated = new BlobUploadOptions { TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.StorageCrc64 } };

        await blob.UploadAsync(new BinaryData("123456789"u8.ToArray()), validated);

        // The published check value of CRC-64/NVME, which Azure Storage uses, low byte first.
        Assert.Equal(0xAE8B14860A799888ul, BitConverter.ToUInt64(Convert.FromBase64String(service.Checksum!)));
    }

    private sealed class RecordingService : HttpMessageHandler
    {
        internal string? Checksum { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Checksum = request.Headers.GetValues("x-ms-content-crc64").Single();
            var created = new HttpResponseMessage(HttpStatusCode.Created) { Content = new ByteArrayContent([]) };
            created.Headers.TryAddWithoutValidation("ETag", "\"1\"");
            created.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
            return Task.FromResult(created);
        }
    }
}
