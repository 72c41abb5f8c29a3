using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Data.Batches;

public sealed class PrefetchedBatchesTests : IAsyncLifetime, IDisposable
{
    private const int Images = 23;
    private const int BatchSize = 6;

    private static readonly ImageRecipe Recipe = new()
    {
        Size = 8,
        Augmentation = new AugmentationRecipe
        {
            RandomResizedCrop = new RandomCropRecipe(),
            HorizontalFlip = true,
            ColorJitter = new ColorJitterRecipe { Probability = 0.8, Brightness = 0.8, Contrast = 0.8, Saturation = 0.8, Hue = 0.2 },
            Grayscale = 0.2,
            GaussianBlur = new GaussianBlurRecipe { Kernel = 5 },
        },
    };

    private static readonly ImageRecipe FlipsOnly = new() { Size = 8, Augmentation = new AugmentationRecipe { HorizontalFlip = true } };
    private static readonly BatchPlan TwoViews = new(BatchSize, Views: 2, Seed: 11);

    private readonly PictureShelf _shelf = new();

    public Task InitializeAsync() => _shelf.PublishAsync(Numbered(Images));

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _shelf.Dispose();

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    public async Task At_AnyNumberOfThreadsAndAnyMemory_GivesTheSameBits(int threads, bool held)
    {
        var pictures = await _shelf.OpenAsync(Recipe);
        var others = await _shelf.OpenAsync(Recipe, PictureShelf.Settings(held: held));
        using var one = Open(pictures, TwoViews, threads: 1);
        using var many = Open(others, TwoViews, threads: threads);

        long[] iterations = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.Equal(PictureShelf.Hashes(one, iterations), PictureShelf.Hashes(many, iterations));
        Assert.Equal(held, others is HeldPictures);
    }

    [Fact]
    public async Task At_AnyOrder_GivesTheSameBits()
    {
        var pictures = await _shelf.OpenAsync(Recipe);
        using var straight = Open(pictures, TwoViews);
        using var resumed = Open(pictures, TwoViews);

        var expected = PictureShelf.Hashes(straight, 0, 1, 2, 3, 4, 5, 6, 7, 8);

        Assert.Equal([expected[7], expected[8], expected[0], expected[3], expected[3], expected[4]], PictureShelf.Hashes(resumed, 7, 8, 0, 3, 3, 4));
    }

    [Fact]
    public async Task At_AnotherSeed_GivesOthers()
    {
        var pictures = await _shelf.OpenAsync(Recipe);
        using var one = Open(pictures, TwoViews);
        using var other = Open(pictures, TwoViews with { Seed = 12 });

        Assert.NotEqual(PictureShelf.Hashes(one, 0), PictureShelf.Hashes(other, 0));
    }

    [Fact]
    public async Task At_OneEpoch_TakesEveryImageOnceInWholeBatches()
    {
        var pictures = await _shelf.OpenAsync(FlipsOnly with { Augmentation = new AugmentationRecipe { HorizontalFlip = false } });
        using var batches = Open(pictures, TwoViews with { Views = 1 });

        var seen = Enumerable.Range(0, Images / BatchSize).SelectMany(iteration => NumbersOf(batches.At(iteration))).ToList();

        Assert.Equal(Images / BatchSize * BatchSize, seen.Distinct().Count());
        Assert.All(seen, number => Assert.InRange(number, 0, Images - 1));
    }

    [Fact]
    public async Task At_Labels_AreThoseOfTheImages()
    {
        var pictures = await _shelf.OpenAsync(FlipsOnly);
        using var batches = Open(pictures, TwoViews with { Views = 1 });

        var batch = batches.At(0);

        Assert.Equal(NumbersOf(batch).Select(number => (long)number % 2), batch.Labels.data<long>().ToArray());
    }

    [Fact]
    public async Task At_TwoDevices_ShareTheBatchOfOne()
    {
        var pictures = await _shelf.OpenAsync(Recipe);
        using var whole = Open(pictures, TwoViews);
        using var even = Open(pictures, TwoViews with { Ranks = 2 });
        using var odd = Open(pictures, TwoViews with { Rank = 1, Ranks = 2 });

        var (all, first, second) = (whole.At(3).Views[1], even.At(3).Views[1], odd.At(3).Views[1]);

        Assert.Equal(all.data<float>().ToArray(), stack([first, second], dim: 1).flatten(0, 1).data<float>().ToArray());
    }

    [Fact]
    public async Task At_Views_AreDrawnApart()
    {
        var pictures = await _shelf.OpenAsync(Recipe);
        using var batches = Open(pictures, TwoViews);

        var views = batches.At(0).Views;

        Assert.Equal([BatchSize, 3, 8, 8], views[0].shape);
        Assert.NotEqual(views[0].data<float>().ToArray(), views[1].data<float>().ToArray());
        Assert.All(views, view => Assert.True(view.abs().max().item<float>() <= 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task At_CropsOfTheirOwnSize_AreThoseOfImagesOfThatSize(bool held)
    {
        var larger = Recipe with { Size = 16, Augmentation = Recipe.Augmentation with { RandomResizedCrop = new RandomCropRecipe { Size = 8 } } };
        var (pictures, others) = (await _shelf.OpenAsync(Recipe), await _shelf.OpenAsync(larger, PictureShelf.Settings(held: held)));
        using var expected = Open(pictures, TwoViews);
        using var batches = Open(others, TwoViews);

        Assert.Equal(PictureShelf.Hashes(expected, 0, 1, 2), PictureShelf.Hashes(batches, 0, 1, 2));
        Assert.Equal([BatchSize, 3, 8, 8], batches.At(3).Views[0].shape);
    }

    [Fact]
    public async Task Open_PicturesThatCropsMayShrink_AreNotHeld()
    {
        using var shelf = new PictureShelf();
        await shelf.PublishAsync(Png.Encode(Picture.Blank(32, 32)));
        var augmentation = new AugmentationRecipe { HorizontalFlip = false };

        Assert.IsType<HeldPictures>(await shelf.OpenAsync(
            new ImageRecipe { Size = 16, Augmentation = augmentation with { RandomResizedCrop = new RandomCropRecipe() } }));
        Assert.IsType<ShardPictures>(await shelf.OpenAsync(
            new ImageRecipe { Size = 16, Augmentation = augmentation with { RandomResizedCrop = new RandomCropRecipe { Size = 8 } } }));
    }

    [Fact]
    public async Task At_FewerImagesThanTheBatch_TakesAll()
    {
        var pictures = await _shelf.OpenAsync(FlipsOnly);
        using var batches = Open(pictures, TwoViews with { BatchSize = 1000, Ranks = 2 });

        Assert.Equal(Images / 2, batches.BatchSize);
        Assert.Equal(Images / 2, batches.At(5).Labels.shape[0]);
    }

    [Fact]
    public async Task At_FewerImagesThanDevices_IsRefused()
    {
        var pictures = await _shelf.OpenAsync(FlipsOnly);

        Assert.Throws<BadInputException>(() => Open(pictures, TwoViews with { Ranks = Images + 1 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task At_BrokenImageToBeSkipped_TakesTheNextAndCounts(bool held)
    {
        using var shelf = new PictureShelf();
        var files = Numbered(Images);
        (files[4], files[9]) = (files[4][..40], [1, 2, 3]);
        await shelf.PublishAsync(files);
        var pictures = await shelf.OpenAsync(FlipsOnly, PictureShelf.Settings(held: held));
        var bad = PictureShelf.Tolerant(BadImagePolicy.Skip);
        using var batches = new PrefetchedBatches(pictures, TwoViews with { BatchSize = Images, Views = 1 }, bad, threads: 3, CPU);

        var batch = batches.At(0);

        var numbers = NumbersOf(batch).Order().ToList();
        Assert.Equal(Enumerable.Range(0, Images).Select(number => number is 4 or 9 ? number + 1 : number), numbers);
        Assert.Equal(NumbersOf(batch).Select(number => (long)number % 2), batch.Labels.data<long>().ToArray());
        Assert.Equal(2, bad.Count);
    }

    [Fact]
    public async Task At_BrokenImage_FailsAndNamesIt()
    {
        using var shelf = new PictureShelf();
        var files = Numbered(Images);
        files[4] = files[4][..40];
        await shelf.PublishAsync(files);
        var pictures = await shelf.OpenAsync(FlipsOnly, PictureShelf.Settings(held: false));
        using var batches = Open(pictures, TwoViews with { BatchSize = Images });

        Assert.Contains("even/4.jpg", Assert.Throws<BadInputException>(() => batches.At(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_NothingButBrokenImages_EndsAndSaysSo()
    {
        using var shelf = new PictureShelf();
        await shelf.PublishAsync([1], [2], [3]);
        var pictures = await shelf.OpenAsync(FlipsOnly);
        using var batches = new PrefetchedBatches(pictures, TwoViews with { BatchSize = 2 }, PictureShelf.Tolerant(BadImagePolicy.Skip), threads: 2, CPU);

        Assert.Contains("None of the 3 images", Assert.Throws<BadInputException>(() => batches.At(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_AskedSlowly_ReadsAheadButNotWithoutBound()
    {
        var counted = new CountedPictures(await _shelf.OpenAsync(Recipe));
        using var batches = Open(counted, TwoViews, threads: 4);

        for (var iteration = 0; iteration < 30; iteration++)
        {
            batches.At(iteration);
            Assert.InRange(counted.Reads, (iteration + 1) * BatchSize, (iteration + 1 + MaxAhead) * BatchSize);
        }

        await Eventually.BecomesAsync(() => Task.FromResult(counted.Reads), reads => reads == (30 + MaxAhead) * BatchSize, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Dispose_WhileThreadsWork_FreesEveryTensor()
    {
        var pictures = await _shelf.OpenAsync(Recipe);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var round = 0; round < 20; round++)
        {
            using var scope = NewDisposeScope();
            using var batches = Open(pictures, TwoViews, threads: 4);
            if (round % 2 == 0)
                batches.At(round);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Batches that are made ready beyond the one asked for.</summary>
    private const int MaxAhead = 8;

    private static PrefetchedBatches Open(PictureSet pictures, BatchPlan plan, int threads = 3) => new(pictures, plan, PictureShelf.Tolerant(), threads, CPU);

    /// <summary>Pictures that are all of one gray, by which they are known again.</summary>
    private static byte[][] Numbered(int count) => [.. Enumerable.Range(0, count).Select(number =>
    {
        var picture = Picture.Blank(8, 8);
        Array.Fill(picture.Pixels, (byte)(number * 10));
        return Png.Encode(picture);
    })];

    private static List<int> NumbersOf(Batch batch) => [.. ((batch.Views[0].amax([1, 2, 3]) + 1) * 12.75).round().data<float>().Select(number => (int)number)];

    private sealed class CountedPictures(PictureSet pictures) : PictureSet(pictures.Recipe)
    {
        private int _reads;

        internal int Reads => Volatile.Read(ref _reads);

        internal override int Count => pictures.Count;

        internal override long LabelOf(int number) => pictures.LabelOf(number);

        internal override string PathOf(int number) => pictures.PathOf(number);

        internal override (int Width, int Height) Measure(int number) => pictures.Measure(number);

        internal override Picture Read(int number, int reduction, PictureDecoder decoder)
        {
            Interlocked.Increment(ref _reads);
            return pictures.Read(number, reduction, decoder);
        }

        public override void Dispose() => pictures.Dispose();
    }
}
