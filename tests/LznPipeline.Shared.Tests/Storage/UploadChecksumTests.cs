using System.Net;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace LznPipeline.Shared.Tests.Storage;

/// <summary>
/// The storage packages take their checksums from System.IO.Hashing, whose version is chosen here and not by them. Azurite knows no such uploads.
/// </summary>
public sealed class UploadChecksumTests
{
    private const string Acknowledged = "x-ms-structured-body";

    [Fact]
    public async Task Upload_WithCrc64Validation_EndsWithThePublishedCheckValue()
    {
        using var service = new RecordingService();
        var blob = new BlobClient(new Uri("http://localhost/account/container/blob"), new BlobClientOptions { Transport = new HttpClientTransport(service) });
        var validated = new BlobUploadOptions
        {
            TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.StorageCrc64 },
        };

        await blob.UploadAsync(new BinaryData("123456789"u8.ToArray()), validated);

        // The check value of CRC-64/NVME, which Azure Storage uses, low byte first.
        Assert.Equal(0xAE8B14860A799888ul, BitConverter.ToUInt64(service.Body.AsSpan()[^sizeof(ulong)..]));
    }

    private sealed class RecordingService : HttpMessageHandler
    {
        internal byte[] Body { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);      // an upload has content
            var created = new HttpResponseMessage(HttpStatusCode.Created) { Content = new ByteArrayContent([]) };
            created.Headers.TryAddWithoutValidation("ETag", "\"1\"");
            created.Headers.TryAddWithoutValidation(Acknowledged, request.Headers.GetValues(Acknowledged));
            created.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
            return created;
        }
    }
}
