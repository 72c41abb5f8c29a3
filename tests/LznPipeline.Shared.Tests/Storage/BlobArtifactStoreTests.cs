using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.Shared.Tests.Storage;

public sealed class BlobArtifactStoreTests(AzuriteFixture azurite) : ArtifactStoreContract, IClassFixture<AzuriteFixture>
{
    protected override Task<ArtifactStore> OpenAsync() => StoreAddress.OpenAsync(azurite.ConnectionString, CancellationToken.None);
}
