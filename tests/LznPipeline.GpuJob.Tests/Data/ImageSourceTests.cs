using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;

namespace LznPipeline.GpuJob.Tests.Data;

public sealed class ImageSourceTests : IDisposable
{
    private static readonly byte[] Image = Pictures.Stripes(0, 0);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("folder")]
    [InlineData("x.tar")]
    [InlineData("x.tar.gz")]
    [InlineData("x.zip")]
    [InlineData("blob:x.zip")]
    public async Task Open_AnyContainer_HasTheSameImages(string kind)
    {
        var address = await PackAsync(kind,
            ("./train/a/1.png", Image), ("train/b/2.jpg", Pictures.Jpeg), ("val/a/3.JPEG", Pictures.Jpeg),
            ("train/a/notes.txt", [1]), ("train/a/.hidden.png", [1]));

        using var source = await OpenAsync(address);

        Assert.Equal(["train a train/a/1.png", "train b train/b/2.jpg", "val a val/a/3.JPEG"], Lines(source));
        Assert.Equal(Pictures.Jpeg, source.Listing.Images[1].Read());
    }

    [Theory]
    [InlineData(new[] { "1.png", "2.png" }, new[] { " all 1.png", " all 2.png" })]
    [InlineData(new[] { "train/1.png", "val/2.png" }, new[] { "train all train/1.png", "val all val/2.png" })]
    [InlineData(new[] { "celeba/1.png", "celeba/2.png" }, new[] { " celeba celeba/1.png", " celeba celeba/2.png" })]
    [InlineData(
        new[] { "lsun/bedroom_train/1.png", "lsun/bedroom_val/2.png" },
        new[] { "train bedroom lsun/bedroom_train/1.png", "val bedroom lsun/bedroom_val/2.png" })]
    [InlineData(new[] { "afhq/test/cat/1.png", "afhq/train/dog/2.png" }, new[] { "test cat afhq/test/cat/1.png", "train dog afhq/train/dog/2.png" })]
    [InlineData(new[] { "cat/1.png", "cover.png" }, new[] { " cat cat/1.png" })]
    public async Task Open_Folders_TellClassesAndSplits(string[] files, string[] expected)
    {
        using var source = await OpenAsync(await PackAsync("folder", [.. files.Select(file => (file, Image))]));

        Assert.Equal(expected, Lines(source));
    }

    [Fact]
    public async Task Open_UnpackedImagesBesideTheirArchive_AreNotTakenTwice()
    {
        using var source = await OpenAsync(await PackAsync("folder", ("a/1.png", Image), ("original.zip", Zip(("a/1.png", Image)))));

        Assert.Equal([" a a/1.png"], Lines(source));
    }

    [Fact]
    public async Task Open_ImageNet_TakesClassesFromTarsAndDevelopmentKit()
    {
        var devkit = Gzip(Tar(
            ("ILSVRC2012_devkit_t12/data/meta.mat", Golden("meta.mat")),
            ("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "2\n3\n1\n"u8.ToArray())));
        var address = await PackAsync("folder",
            ("ILSVRC2012_img_train.tar", Tar(
                ("n01440764.tar", Tar(("n01440764_1.JPEG", Pictures.Jpeg))),
                ("n02119789.tar", Tar(("n02119789_7.JPEG", Image))),
                ("n15075141.tar", Tar(("n15075141_9.JPEG", Image))))),
            ("ILSVRC2012_img_val.tar", Tar(
                ("ILSVRC2012_val_00000001.JPEG", Image),
                ("ILSVRC2012_val_00000002.JPEG", Image),
                ("ILSVRC2012_val_00000003.JPEG", Pictures.Jpeg))),
            ("ILSVRC2012_devkit_t12.tar.gz", devkit));

        using var source = await OpenAsync(address);

        Assert.Equal(
            ["train n01440764", "train n02119789", "train n15075141", "val n01440764", "val n15075141", "val n02119789"],
            Lines(source).Select(line => line[..line.LastIndexOf(' ')]));
        Assert.Equal([Pictures.Jpeg, Pictures.Jpeg], new[] { source.Listing.Images[0].Read(), source.Listing.Images[^1].Read() });
    }

    [Fact]
    public async Task Open_ImageNetWithoutDevelopmentKit_SaysWhatIsMissing() => Assert.Contains("ILSVRC2012_devkit_t12.tar.gz",
        await RefusalAsync(await PackAsync("folder", ("ILSVRC2012_img_val.tar", Tar(("ILSVRC2012_val_00000001.JPEG", Image))))), StringComparison.Ordinal);

    [Fact]
    public async Task Open_ImageNetWithDamagedList_SaysSo()
    {
        var meta = Golden("meta.mat")[..300];
        var address = await PackAsync("folder",
            ("ILSVRC2012_val_00000001.JPEG", Image),
            ("data/meta.mat", meta),
            ("data/ILSVRC2012_validation_ground_truth.txt", "2\n"u8.ToArray()));

        Assert.Contains("list of classes", await RefusalAsync(address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WebDataset_TakesLabelsFromItsFiles()
    {
        var address = await PackAsync("folder",
            ("train-000000.tar", Tar(
                ("0.jpg", Pictures.Jpeg), ("0.cls", "10"u8.ToArray()), ("0.json", "{}"u8.ToArray()), ("1.png", Image), ("1.cls", "9\n"u8.ToArray()))),
            ("validation-000000.tar", Tar(("0.png", Image), ("0.cls", "9"u8.ToArray()))));

        using var source = await OpenAsync(address);

        Assert.Equal(["train 10 train-000000/0.jpg", "train 9 train-000000/1.png", "val 9 validation-000000/0.png"], Lines(source));
        Assert.Equal(["9", "10"], source.Listing.Classes);
    }

    [Fact]
    public async Task Open_DatasetOfThePipeline_KeepsItsClassNames()
    {
        using var shelf = new PictureShelf();
        await shelf.PublishAsync(Image, Image, Image);
        var folder = Path.Combine(shelf.Place.Root, "store", "datasets", "stripes", "v1");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "manifest.json"), System.Text.Json.JsonSerializer.Serialize(shelf.Manifest, LznPipeline.Shared.LznJson.Options));

        using var source = await OpenAsync(folder);

        Assert.Equal(["train even", "train odd", "train even"], Lines(source).Select(line => line[..line.LastIndexOf(' ')]));
    }

    [Fact]
    public async Task Open_WebDatasetWithoutALabel_NamesTheImage() =>
        Assert.Contains(
            "'b.png'",
            await RefusalAsync(await PackAsync("x.tar", ("a.png", Image), ("a.cls", "1"u8.ToArray()), ("b.png", Image))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("folder")]
    [InlineData("x.tar.gz")]
    public async Task Open_Cifar10Binary_GivesItsPixels(string kind)
    {
        byte[] Record(byte label) => [label, .. Enumerable.Range(0, 3072).Select(index => (byte)(index / 4 + label))];
        var address = await PackAsync(kind,
            ("cifar-10-batches-bin/batches.meta.txt", "ship\nbird\n\n"u8.ToArray()),
            ("cifar-10-batches-bin/data_batch_1.bin", [.. Record(1), .. Record(0)]),
            ("cifar-10-batches-bin/test_batch.bin", Record(1)),
            ("cifar-10-batches-bin/readme.html", [1]));

        using var source = await OpenAsync(address);

        Assert.Equal(
            ["test bird test/bird/test_batch-00000.png", "train bird train/bird/data_batch_1-00000.png", "train ship train/ship/data_batch_1-00001.png"],
            Lines(source).Order(StringComparer.Ordinal));
        Assert.Equal(["ship", "bird"], source.Listing.Classes);
        AssertPlanes(Record(1)[1..], source.Listing.Images[0]);
    }

    [Fact]
    public async Task Open_Cifar10BinaryThatIsCut_SaysSo() => Assert.Contains(
        "records",
        await RefusalAsync(await PackAsync("folder", ("batches.meta.txt", "ship\n"u8.ToArray()), ("data_batch_1.bin", new byte[5000]))),
        StringComparison.Ordinal);

    [Fact]
    public async Task Open_Cifar10BinaryOfALabelWithoutName_SaysSo() => Assert.Contains(
        "label 7",
        await RefusalAsync(await PackAsync("folder", ("batches.meta.txt", "ship\n"u8.ToArray()), ("data_batch_1.bin", [7, .. new byte[3072]]))),
        StringComparison.Ordinal);

    [Fact]
    public async Task Open_Cifar10Python_GivesItsPixels()
    {
        var address = await PackAsync(
            "x.tar.gz", [.. new[] { "batches.meta", "data_batch_1", "test_batch" }.Select(name => ($"cifar-10-batches-py/{name}", Golden(name)))]);

        using var source = await OpenAsync(address);

        Assert.Equal(["airplane", "zebra", "cat"], source.Listing.Classes);
        Assert.Equal(
            ["train airplane 2", "train cat 2", "train zebra 2", "test airplane 1", "test cat 1", "test zebra 1"],
            source.Listing.Images.CountBy(image => $"{image.Split} {image.Class}").Select(pair => $"{pair.Key} {pair.Value}")
                .OrderByDescending(line => line[..5] is "train").ThenBy(line => line, StringComparer.Ordinal));
        AssertPlanes([.. Enumerable.Range(0, 3072).Select(index => (byte)(index / 1024 == 1 ? 200 : 10))], source.Listing.Images[1]);
    }

    [Fact]
    public async Task Open_PickleThatRunsCode_IsRefusedByName() => Assert.Contains(
        "'os.system'",
        await RefusalAsync(await PackAsync("folder",
            ("batches.meta", Golden("batches.meta")), ("data_batch_1", "cos\nsystem\n(S'touch /tmp/owned'\ntR."u8.ToArray()))),
        StringComparison.Ordinal);

    [Fact]
    public async Task Open_ParquetOfHuggingFace_TakesImagesAndClassNames()
    {
        using var source = await OpenAsync(await PackAsync("folder", ("data/train-00000-of-00001.parquet", Golden("train-00000-of-00001.parquet"))));

        var images = source.Listing.Images;
        Assert.Equal(["red", "green", "blue"], source.Listing.Classes);
        Assert.Equal(
            ["train red 684", "train green 683", "train blue 683"],
            images.CountBy(image => $"{image.Split} {image.Class}").Select(pair => $"{pair.Key} {pair.Value}"));
        Assert.All(
            new[] { 4, 2049 },
            row => Assert.Equal(row % 3 == 1 ? [10, 200, 10] : new byte[] { 200, 10, 10 }, Picture.Decode(images[row].Read()).Pixels[..3]));
    }

    [Fact]
    public async Task Open_TruncatedParquet_SaysSo() => Assert.Contains("is not a whole parquet file",
        await RefusalAsync(await PackAsync("folder", ("x.parquet", Golden("train-00000-of-00001.parquet")[..2000]))), StringComparison.Ordinal);

    [Theory]
    [InlineData("x.zip", "is not a whole zip archive")]
    [InlineData("x.tar", "is not a whole tar archive")]
    [InlineData("x.tar.gz", "is not a whole ")]        // gzip or tar, whichever notices
    public async Task Open_TruncatedArchive_SaysSo(string kind, string expected)
    {
        var address = await PackAsync(kind, [.. Enumerable.Range(0, 40).Select(number => ($"a/{number}.png", Image))]);
        var whole = await File.ReadAllBytesAsync(address);
        await File.WriteAllBytesAsync(address, whole[..(whole.Length * 2 / 3)]);

        Assert.Contains(expected, await RefusalAsync(address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FolderOfLinks_SaysThatTheyAreNotFollowed()
    {
        var archive = await PackAsync("x.tar", ("a/1.png", Image));
        var folder = Directory.CreateDirectory(Path.Combine(_place.Root, "links", "deep")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "x.tar"), archive);
        Directory.CreateSymbolicLink(Path.Combine(folder, "all"), _place.Root);

        using var source = await OpenAsync(Path.Combine(_place.Root, "links"));

        var refusal = Assert.Throws<BadInputException>(() => SplitPlan.Make(source.Listing, Workplace.Request(folder)));
        Assert.Contains("has no images, but 2 symbolic or hard links; links are not followed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PathOfACommandLine_MayBeASingleImageAndNamesNoField()
    {
        using var source = await ImageSource.OpenAsync(await PackAsync("folder", ("a/1.png", Image)) + "/a/1.png", default);

        Assert.Equal([" all 1.png"], Lines(source));
        var refusal = await Assert.ThrowsAsync<BadInputException>(() => ImageSource.OpenAsync(Path.Combine(_place.Root, "missing"), default));
        Assert.DoesNotContain("dataset.source", refusal.Message, StringComparison.Ordinal);
    }

    private Task<ImageSource> OpenAsync(string address) => ImageSource.OpenAsync(address, _place.Store, default);

    private async Task<string> RefusalAsync(string address) => (await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(address))).Message;

    private static IEnumerable<string> Lines(ImageSource source) => source.Listing.Images.Select(image => $"{image.Split} {image.Class} {image.Path}");

    private static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "golden", name));

    private static void AssertPlanes(byte[] expected, SourceImage image)
    {
        var picture = Picture.Decode(image.Read());
        Assert.Equal((32, 32), (picture.Width, picture.Height));
        Assert.Equal(expected, Enumerable.Range(0, 3072).Select(index => picture.Pixels[index % 1024 * 3 + index / 1024]));
    }

    /// <summary>Puts files into a folder or an archive of some kind.</summary>
    private async Task<string> PackAsync(string kind, params (string Name, byte[] Content)[] files)
    {
        var path = Path.Combine(_place.Root, kind);
        if (kind == "folder")
        {
            foreach (var (name, content) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, name))!);
                await File.WriteAllBytesAsync(Path.Combine(path, name), content);
            }

            return path;
        }

        var packed = kind.EndsWith(".zip", StringComparison.Ordinal) ? Zip(files)
            : kind.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(Tar(files))
            : Tar(files);
        if (kind.StartsWith("blob:", StringComparison.Ordinal))
        {
            await _place.Store.WriteAsync(kind["blob:".Length..], new MemoryStream(packed), default);
            return kind;
        }

        await File.WriteAllBytesAsync(path, packed);
        return path;
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var (name, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return bytes.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return bytes.ToArray();
    }
}
