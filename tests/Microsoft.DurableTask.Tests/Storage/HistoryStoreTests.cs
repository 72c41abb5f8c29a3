using Azure;
using Azure.Storage.Blobs;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using LznPipeline.Testing;

namespace Microsoft.DurableTask.Tests.Storage;

public sealed class HistoryStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Append_ByTwoHostsThatBothBelieveToOwn_LetsOnlyOneIn()
    {
        var (store, _) = await NewStoreAsync();
        var length = await store.AppendAsync("i", "e", Turn("first"), 0, CancellationToken.None);
        await store.AppendAsync("i", "e", Turn("mine"), length, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => store.AppendAsync("i", "e", Turn("theirs"), length, CancellationToken.None));

        var (turns, _) = await store.ReadAsync("i", "e", from: 0, CancellationToken.None);
        Assert.Equal(412, refused.Status);
        Assert.Equal(["first", "mine"], turns.Select(turn => Assert.IsType<EventRaised>(Assert.Single(turn.Arrived)).Name));
    }

    [Fact]
    public async Task Create_OfAHistoryThatHasTurns_IsRefused()
    {
        var (store, _) = await NewStoreAsync();
        await store.AppendAsync("i", "e", Turn("first"), 0, CancellationToken.None);

        await Assert.ThrowsAsync<RequestFailedException>(() => store.AppendAsync("i", "e", Turn("other"), 0, CancellationToken.None));
    }

    [Fact]
    public async Task Read_FromALengthSeenBefore_GivesOnlyWhatFollows()
    {
        var (store, _) = await NewStoreAsync();
        var length = await store.AppendAsync("i", "e", Turn("first"), 0, CancellationToken.None);
        var end = await store.AppendAsync("i", "e", Turn("second"), length, CancellationToken.None);

        var (later, _) = await store.ReadAsync("i", "e", length, CancellationToken.None);
        var (none, same) = await store.ReadAsync("i", "e", end, CancellationToken.None);

        Assert.Equal("second", Assert.IsType<EventRaised>(Assert.Single(Assert.Single(later).Arrived)).Name);
        Assert.Equal((0, end), (none.Count, same));
    }

    [Fact]
    public async Task Read_LineThatIsNotATurn_NamesTheHistory()
    {
        var (store, container) = await NewStoreAsync();
        await container.UploadBlobAsync(HubNames.History("i", "e"), BinaryData.FromString("{ broken\n"));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => store.ReadAsync("i", "e", from: 0, CancellationToken.None));

        Assert.Contains("history/i/e", error.Message, StringComparison.Ordinal);
    }

    private static HistoryBatch Turn(string name) => new(DateTimeOffset.UnixEpoch, [new EventRaised(name, name, null)], []);

    private async Task<(HistoryStore Store, BlobContainerClient Container)> NewStoreAsync()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, azurite.NewPrefix());
        await container.CreateAsync();
        return (new HistoryStore(container, new PayloadStore(container)), container);
    }
}
