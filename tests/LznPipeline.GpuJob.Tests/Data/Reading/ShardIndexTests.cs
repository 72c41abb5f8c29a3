using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Data.Reading;

public sealed class ShardIndexTests : IAsyncLifetime, IDisposable
{
    private static readonly ImageRecipe Recipe = new() { Size = 8, Augmentation = new AugmentationRecipe { HorizontalFlip = false } };

    private readonly PictureShelf _shelf = new();

    private string Shard => Path.Combine(_shelf.Place.Root, "store", "datasets", "stripes", "v1", _shelf.Manifest.Splits["train"].Shards[1].File.Name);

    public Task InitializeAsync() => _shelf.PublishAsync([.. Enumerable.Range(0, 25).Select(number => Pictures.Stripes(number % 3, number))]);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _shelf.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_StoreWithoutFiles_ReadsTheSame(bool cached)
    {
        var folder = Path.Combine(_shelf.Place.Root, "cache");
        using var fromFolder = await _shelf.OpenAsync(Recipe, PictureShelf.Settings(held: false));
        using var fromService = await _shelf.OpenAsync(Recipe, PictureShelf.Settings(held: false, cache: cached ? folder : null), Remote());

        Assert.Equal(25, fromFolder.Count);
        Assert.Equal(All(fromFolder), All(fromService));
        Assert.Equal(cached ? 3 : 0, Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0);
    }

    [Fact]
    public async Task Open_ShardInTheCache_IsNotFetchedAgain()
    {
        var settings = PictureShelf.Settings(cache: Path.Combine(_shelf.Place.Root, "cache"));
        using (await _shelf.OpenAsync(Recipe, settings, Remote()))
            File.Delete(Shard);

        using var again = await _shelf.OpenAsync(Recipe, settings, Remote());

        Assert.Equal(25, again.Count);
    }

    [Fact]
    public async Task Open_DamagedShardInTheCache_IsFetchedAgain()
    {
        var cache = Path.Combine(_shelf.Place.Root, "cache");
        using (await _shelf.OpenAsync(Recipe, PictureShelf.Settings(cache: cache), Remote()))
        {
            var files = Directory.GetFiles(cache);
            Assert.Equal(3, files.Length);
            foreach (var file in files)
                Damage(file);
        }

        using var again = await _shelf.OpenAsync(Recipe, PictureShelf.Settings(cache: cache), Remote());

        using var original = await _shelf.OpenAsync(Recipe);
        Assert.Equal(All(original), All(again));
    }

    [Fact]
    public async Task Open_ChangedShard_IsRefusedByName()
    {
        Damage(Shard);

        Assert.Contains("shard-00001.tar", (await Assert.ThrowsAsync<BadInputException>(() => _shelf.OpenAsync(Recipe))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MissingShard_IsRefusedByName()
    {
        File.Delete(Shard);

        Assert.Contains("shard-00001.tar", (await Assert.ThrowsAsync<BadInputException>(() => _shelf.OpenAsync(Recipe))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PathOf_EveryPicture_IsWhereItCameFrom()
    {
        using var pictures = await _shelf.OpenAsync(Recipe);

        Assert.Equal(
            Enumerable.Range(0, 25).Select(number => $"{(number % 2 == 0 ? "even" : "odd")}/{number}.jpg"),
            Enumerable.Range(0, 25).Select(pictures.PathOf));
    }

    private WatchedStore Remote() => new(_shelf.Place.Store, _ => { });

    private static byte[][] All(PictureSet pictures)
    {
        var decoder = new PictureDecoder();
        return
        [
            .. Enumerable.Range(0, pictures.Count).Select(number => pictures.Read(number, reduction: 1, decoder))
                .Select(picture => picture.Pixels[..(picture.Width * picture.Height * 3)])
        ];
    }

    private static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[700] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
