using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using LznPipeline.Testing;

namespace LznPipeline.Shared.Tests.Storage;

/// <summary>The storage packages take their checksums from System.IO.Hashing, whose version is chosen here and not by them.</summary>
public sealed class UploadChecksumTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Upload_WithCrc64Validation_SendsThePublishedCheckValueAndStoresTheContent()
    {
        var sent = new ChecksumRecorder();
        var options = new BlobClientOptions();
        options.AddPolicy(sent, HttpPipelinePosition.PerCall);
        var container = new BlobContainerClient(azurite.ConnectionString, azurite.NewPrefix(), options);
        await container.CreateAsync();
        var validated = new BlobUploadOptions { TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.StorageCrc64 } };

        await container.GetBlobClient("digits").UploadAsync(new BinaryData("123456789"u8.ToArray()), validated);

        // The check value of CRC-64/NVME, which Azure Storage uses, low byte first.
        Assert.Equal(0xAE8B14860A799888ul, BitConverter.ToUInt64(Convert.FromBase64String(Assert.Single(sent.Checksums))));
        Assert.Equal("123456789", (await container.GetBlobClient("digits").DownloadContentAsync()).Value.Content.ToString());
    }

    private sealed class ChecksumRecorder : HttpPipelineSynchronousPolicy
    {
        internal List<string> Checksums { get; } = [];

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Headers.TryGetValue("x-ms-content-crc64", out var checksum))
                Checksums.Add(checksum);
        }
    }
}
