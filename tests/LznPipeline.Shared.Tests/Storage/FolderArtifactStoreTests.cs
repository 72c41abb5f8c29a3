using LznPipeline.Shared.Storage;

namespace LznPipeline.Shared.Tests.Storage;

public sealed class FolderArtifactStoreTests : ArtifactStoreContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/outside")]
    public async Task Find_NameOutsideTheFolder_IsRefused(string name)
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.FindAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task Open_WhatAKilledWriterLeft_IsRemoved()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "kept/blob.bin");
        var (abandoned, young) = (Path.Combine(_folder.FullName, "kept", "blob.bin.0.aside"), Path.Combine(_folder.FullName, "kept", "blob.bin.1.aside"));
        await File.WriteAllTextAsync(abandoned, "half a blob");
        await File.WriteAllTextAsync(young, "half a blob");
        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddHours(-2));

        await OpenAsync();

        Assert.Equal(
            ["blob.bin", "blob.bin.1.aside"],
            Directory.GetFiles(Path.Combine(_folder.FullName, "kept")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_ContentThatCannotBeRead_LeavesNothing()
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.WriteAsync("blob.bin", Closed(), CancellationToken.None));

        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    private static async Task WriteAsync(ArtifactStore store, string name)
    {
        using var content = new MemoryStream([1, 2, 3]);
        await store.WriteAsync(name, content, CancellationToken.None);
    }

    private static MemoryStream Closed()
    {
        var stream = new MemoryStream();
        stream.Dispose();
        return stream;
    }

    protected override Task<ArtifactStore> OpenAsync() => StoreAddress.OpenAsync($"folder:{_folder.FullName}", CancellationToken.None);
}
