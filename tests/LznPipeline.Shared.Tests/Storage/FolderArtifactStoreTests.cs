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

    protected override Task<ArtifactStore> OpenAsync() => StoreAddress.OpenAsync($"folder:{_folder.FullName}", CancellationToken.None);
}
