using Azure.Storage.Blobs;
using LznPipeline.Cli.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.Cli.Tests.Hosting;

public sealed class AzuriteProcessTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Start_InMemory_StoresBlobs()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, azurite.NewPrefix());
        await container.CreateAsync();

        await container.UploadBlobAsync("a/b", new BinaryData("content"));

        Assert.Equal("content", (await container.GetBlobClient("a/b").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Start_WithAFolder_KeepsItsDataOverARestart()
    {
        var folder = Directory.CreateTempSubdirectory("azurite").FullName;
        await using (var first = await AzuriteProcess.StartAsync(folder, new AzuritePorts(), default))
        {
            var container = new BlobContainerClient(first.ConnectionString, "kept");
            await container.CreateAsync();
            await container.UploadBlobAsync("a", new BinaryData("still here"));
        }

        await using var second = await AzuriteProcess.StartAsync(folder, new AzuritePorts(), default);

        var blob = new BlobContainerClient(second.ConnectionString, "kept").GetBlobClient("a");
        Assert.Equal("still here", (await blob.DownloadContentAsync()).Value.Content.ToString());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Start_TakenPort_SaysWhatAzuriteSaid()
    {
        var folder = Directory.CreateTempSubdirectory("azurite").FullName;
        var taken = new BlobServiceClient(azurite.ConnectionString).Uri.Port;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => AzuriteProcess.StartAsync(folder, new AzuritePorts(Blob: taken), default));

        Assert.Contains("EADDRINUSE", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
