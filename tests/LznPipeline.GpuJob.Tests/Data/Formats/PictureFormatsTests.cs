using System.Text.Json;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Data.Formats;

/// <summary>Files of all kinds, as people have them; <c>golden/make.py</c> says how they were made.</summary>
public sealed class PictureFormatsTests : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "Formats", "golden");

    private readonly Workplace _place = new();

    private static readonly string[] Broken = ["no-height.bad.jpg", "cut-header.bad.jpg"];

    private static readonly string[] Names =
    [
        .. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file))
            .Where(name => PictureFormat.EndingOf(name) is not null && !Broken.Contains(name)).Order(StringComparer.Ordinal)
    ];

    public static TheoryData<string> Readable { get; } = new(Names);

    public static TheoryData<string> Turned { get; } = new(Expected("upright.json").EnumerateObject().Select(each => each.Name));

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Golden_EveryFile_IsThere()
    {
        Assert.Equal(Expected("expected.json").EnumerateObject().Select(file => file.Name).Order(StringComparer.Ordinal), Names);
        Assert.All(Broken, name => Assert.True(File.Exists(Path.Combine(Folder, name)), name));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Decode_FileOfAnyKind_GivesThePixelsOfPillow(string name) => AssertIs(Expected("expected.json").GetProperty(name), Picture.Decode(Bytes(name)));

    [Theory]
    [MemberData(nameof(Turned))]
    public void Decode_UprightByOption_GivesThePixelsOfPillowsTranspose(string name)
    {
        var expected = Expected("upright.json").GetProperty(name);

        AssertIs(expected, new PictureDecoder(upright: true).Decode(Bytes(name)));

        Assert.Equal((expected[0].GetInt32(), expected[1].GetInt32()), PictureDecoder.Measure(Bytes(name), upright: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task At_UprightByRecipe_IsABatchOfUprightPictures(bool held)
    {
        byte[][] files = [Bytes("orientation.jpg"), Bytes("turned-5.jpg"), Bytes("turned-3.jpg")];
        var upright = Array.ConvertAll(files, file => Png.Encode(new PictureDecoder(upright: true).Decode(file)));

        var stored = await FirstBatchAsync(files, exifOrientation: null, held);

        Assert.Equal(stored, await FirstBatchAsync(files, exifOrientation: false, held));
        Assert.Equal(await FirstBatchAsync(upright, exifOrientation: null, held), await FirstBatchAsync(files, exifOrientation: true, held));
        Assert.NotEqual(stored, await FirstBatchAsync(files, exifOrientation: true, held));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Decode_FileThatEndsTooEarly_IsRefused(string name)
    {
        var file = Bytes(name);
        var length = name.EndsWith(".gif", StringComparison.Ordinal) ? file.Length / 3 : file.Length;       // it has three pictures, and the first is read

        foreach (var part in new[] { 0.1, 0.5, 0.8 })
            Assert.Throws<BadImageException>(() => Picture.Decode(file.AsSpan(0, (int)(part * length))));
    }

    /// <summary>Whatever the damage is, the process lives on, and a decoder that met it reads the next file.</summary>
    [Theory]
    [MemberData(nameof(Readable))]
    public void Decode_FileWithBytesChanged_IsReadOrRefused(string name)
    {
        var (decoder, random, whole) = (new PictureDecoder(), new Random(7), Bytes(name));
        for (var trial = 0; trial < 100; trial++)
        {
            var file = whole.ToArray();
            for (var change = 0; change < 3; change++)
                file[random.Next(file.Length)] = (byte)random.Next(256);

            Assert.True(Record.Exception(() => decoder.Decode(file)) is null or BadImageException, $"trial {trial}");
        }

        AssertSame(Picture.Decode(whole), decoder.Decode(whole));
    }

    [Theory]
    [InlineData("no-height.bad.jpg")]
    [InlineData("cut-header.bad.jpg")]
    public void Decode_GoodFileAfterABrokenOne_IsNotHarmed(string broken)
    {
        var decoder = new PictureDecoder();

        Assert.Throws<BadImageException>(() => decoder.Decode(Bytes(broken)));

        AssertSame(Picture.Decode(Bytes("plain.jpg")), decoder.Decode(Bytes("plain.jpg")));
    }

    [Fact]
    public async Task Prepare_BrokenImagesAmongGoodOnes_AreSkippedAlone()
    {
        var job = Workplace.Prepare(
            Workplace.Request(_place.Tar([.. Names.Concat(Broken).Select(name => ($"a/{name}", Bytes(name)))])) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var manifest = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest;
        Assert.Equal(Broken.Order(StringComparer.Ordinal), manifest.Skipped.Select(image => Path.GetFileName(image.Path)).Order(StringComparer.Ordinal));
        Assert.Equal(Names.Length, manifest.Splits.Values.Sum(split => split.Images));
    }

    [Fact]
    public async Task At_BrokenImagesAmongGoodOnes_AreSkippedAloneByAnyNumberOfThreads()
    {
        using var shelf = new PictureShelf();
        await shelf.PublishAsync([.. Names.Concat(Broken).Select(Bytes)]);

        var (alone, together) = (await ReadAsync(threads: 1), await ReadAsync(threads: 8));

        Assert.Equal(Broken.Length, together.Skipped);
        Assert.Equal(alone, together);

        async Task<(string Hash, int Skipped)> ReadAsync(int threads)
        {
            var bad = PictureShelf.Tolerant(BadImagePolicy.Skip);
            using var batches = new PrefetchedBatches(
                await shelf.OpenAsync(
                    new ImageRecipe { Size = 8, Augmentation = new AugmentationRecipe { HorizontalFlip = false } }, PictureShelf.Settings(held: false)),
                new BatchPlan(Names.Length + Broken.Length, Views: 1, Seed: 3), bad, threads, CPU);
            return (PictureShelf.Hash(batches.At(0)), bad.Count);
        }
    }

    private static async Task<string> FirstBatchAsync(byte[][] files, bool? exifOrientation, bool held)
    {
        using var shelf = new PictureShelf();
        await shelf.PublishAsync(files);
        var recipe = new ImageRecipe { Size = 8, ExifOrientation = exifOrientation, Augmentation = new AugmentationRecipe { HorizontalFlip = false } };
        var pictures = await shelf.OpenAsync(recipe, PictureShelf.Settings(held: held));
        using var batches = new PrefetchedBatches(
            pictures, new BatchPlan(files.Length, Views: 1, Seed: 3), PictureShelf.Tolerant(BadImagePolicy.Fail), threads: 1, CPU);
        return PictureShelf.Hash(batches.At(0));
    }

    private static JsonElement Expected(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;

    private static void AssertIs(JsonElement expected, Picture picture)
    {
        Assert.Equal((expected[0].GetInt32(), expected[1].GetInt32()), (picture.Width, picture.Height));
        Assert.Equal(expected[2].GetString(), Hash(picture));
    }

    private static void AssertSame(Picture expected, Picture actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(Hash(expected), Hash(actual));
    }

    /// <summary>Width, height and hash of each file's pixels, by its name.</summary>
    private static string Hash(Picture picture) => ContentHash.Sha256(picture.Pixels.AsSpan(0, Picture.ByteCount(picture.Width, picture.Height)));

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
