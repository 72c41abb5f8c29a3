using System.Text;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Shared.Tests.Storage;

/// <summary>What every store promises. Each test works below a prefix of its own.</summary>
public abstract class ArtifactStoreContract
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly string _prefix = $"t{Guid.NewGuid():N}";

    protected abstract Task<ArtifactStore> OpenAsync();

    [Fact]
    public async Task Find_NoSuchBlob_IsNull()
    {
        var store = await OpenAsync();

        Assert.Null(await store.FindAsync(Name("none"), Stop));
        Assert.Null(await store.LengthAsync(Name("none"), Stop));
    }

    [Fact]
    public async Task OpenRead_NoSuchBlob_NamesIt()
    {
        var store = await OpenAsync();

        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(Name("none"), Stop));

        Assert.Contains(Name("none"), missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ManyAtOnce_OneWinsAndItsContentStays()
    {
        var store = await OpenAsync();

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => CreateAsync(store, Name("once"), $"writer {writer}")));

        var winner = Assert.Single(Enumerable.Range(0, 8), writer => won[writer]);
        Assert.Equal($"writer {winner}", await ReadAsync(store, Name("once")));
    }

    [Fact]
    public async Task Replace_NullETag_MakesTheBlobOnce()
    {
        var store = await OpenAsync();

        Assert.NotNull(await store.ReplaceAsync(Name("cell"), new BinaryData("first"), etag: null, Stop));
        Assert.Null(await store.ReplaceAsync(Name("cell"), new BinaryData("second"), etag: null, Stop));

        Assert.Equal("first", await ReadAsync(store, Name("cell")));
    }

    [Fact]
    public async Task Replace_ETagOfAnEarlierContent_WritesNothing()
    {
        var store = await OpenAsync();
        var first = await store.ReplaceAsync(Name("cell"), new BinaryData("first"), etag: null, Stop);
        await store.ReplaceAsync(Name("cell"), new BinaryData("second"), first, Stop);

        Assert.Null(await store.ReplaceAsync(Name("cell"), new BinaryData("third"), first, Stop));

        Assert.Equal("second", await ReadAsync(store, Name("cell")));
    }

    [Fact]
    public async Task Replace_ReturnedETag_ReplacesNext()
    {
        var store = await OpenAsync();
        var etag = await store.ReplaceAsync(Name("cell"), new BinaryData("0"), etag: null, Stop);

        for (var next = 1; next <= 3; next++)
            etag = await store.ReplaceAsync(Name("cell"), new BinaryData($"{next}"), etag, Stop);

        Assert.NotNull(etag);
        Assert.Equal((await store.FindAsync(Name("cell"), Stop))!.ETag, etag);
        Assert.Equal("3", await ReadAsync(store, Name("cell")));
    }

    [Fact]
    public async Task Replace_ManyCountersAtOnce_LosesNoIncrement()
    {
        var store = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => IncrementAsync(store, Name("counter"))));

        Assert.Equal("6", await ReadAsync(store, Name("counter")));
    }

    [Fact]
    public async Task Append_SeveralAtOnce_KeepsEveryLine()
    {
        var store = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(line => store.AppendAsync(Name("log"), new BinaryData($"{line}\n"), Stop)));

        var lines = (await ReadAsync(store, Name("log"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7"], lines.Order());
    }

    [Fact]
    public async Task Copy_TargetIsThere_LeavesItAlone()
    {
        var store = await OpenAsync();
        await CreateAsync(store, Name("a"), "new");
        await CreateAsync(store, Name("b"), "old");

        Assert.False(await store.CopyAsync(Name("a"), Name("b"), Stop));
        Assert.True(await store.CopyAsync(Name("a"), Name("c"), Stop));

        Assert.Equal("old", await ReadAsync(store, Name("b")));
        Assert.Equal("new", await ReadAsync(store, Name("c")));
    }

    [Fact]
    public async Task Copy_NoSuchSource_NamesIt()
    {
        var store = await OpenAsync();

        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => store.CopyAsync(Name("none"), Name("target"), Stop));

        Assert.Contains(Name("none"), missing.Message, StringComparison.Ordinal);
        Assert.Null(await store.LengthAsync(Name("target"), Stop));
    }

    [Fact]
    public async Task List_Prefix_GivesNamesInOrdinalOrder()
    {
        var store = await OpenAsync();
        foreach (var name in (string[])["b/2", "a", "b/10", "c"])
            await CreateAsync(store, Name(name), name);

        var names = new List<string>();
        await foreach (var name in store.ListAsync(Name("b/"), Stop))
            names.Add(name);

        Assert.Equal([Name("b/10"), Name("b/2")], names);
    }

    [Fact]
    public async Task Delete_Twice_IsNoError()
    {
        var store = await OpenAsync();
        await CreateAsync(store, Name("gone"), "x");

        await store.DeleteAsync(Name("gone"), Stop);
        await store.DeleteAsync(Name("gone"), Stop);

        Assert.Null(await store.FindAsync(Name("gone"), Stop));
    }

    [Fact]
    public async Task FindJson_FieldThatTheTypeDoesNotKnow_NamesTheBlob()
    {
        var store = await OpenAsync();
        await CreateAsync(store, Name("ref.json"), """{ "name": "cats", "version": "1", "colour": "red" }""");

        var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => store.FindJsonAsync<DatasetRef>(Name("ref.json"), Stop));

        Assert.Contains(Name("ref.json"), wrong.Message, StringComparison.Ordinal);
        Assert.Contains("colour", wrong.Message, StringComparison.Ordinal);
    }

    private string Name(string name) => $"{_prefix}/{name}";

    private static async Task<bool> CreateAsync(ArtifactStore store, string name, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await store.CreateAsync(name, stream, Stop);
    }

    private static async Task<string> ReadAsync(ArtifactStore store, string name) => (await store.FindAsync(name, Stop))!.Content.ToString();

    private static async Task IncrementAsync(ArtifactStore store, string name)
    {
        while (true)
        {
            var found = await store.FindAsync(name, Stop);
            var count = found is null ? 0 : int.Parse(found.Content.ToString());
            if (await store.ReplaceAsync(name, new BinaryData($"{count + 1}"), found?.ETag, Stop) is not null)
                return;
        }
    }
}
