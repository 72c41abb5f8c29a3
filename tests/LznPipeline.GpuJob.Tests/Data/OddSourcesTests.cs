using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Data;

/// <summary>Sources as people have them, none of which this pipeline would have made.</summary>
public sealed class OddSourcesTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(new[] { "car/1.png", "train/2.png" }, new[] { " car car/1.png", " train train/2.png" }, "folders of classes")]
    [InlineData(
        new[] { "test/car/1.png", "train/car/2.png" },
        new[] { "test car test/car/1.png", "train car train/car/2.png" },
        "folders of classes in splits test, train")]
    [InlineData(
        new[] { "bus/test/1.png", "bus/train/2.png", "car/train/3.png" },
        new[] { "test bus bus/test/1.png", "train bus bus/train/2.png", "train car car/train/3.png" },
        "folders of classes in splits test, train")]
    [InlineData(
        new[] { "train/bus/images/1.png", "train/car/images/2.png", "val/bus/images/3.png" },
        new[] { "train bus train/bus/images/1.png", "train car train/car/images/2.png", "val bus val/bus/images/3.png" },
        "folders of classes in splits train, val")]
    [InlineData(
        new[] { "set/train/1.png", "set/val/2.png" },
        new[] { "train all set/train/1.png", "val all set/val/2.png" },
        "images without classes in splits train, val")]
    [InlineData(
        new[] { "car/1.png", ".thumbs/car/2.png", "car/.cache/3.png", "__MACOSX/car/4.png", "deep/__MACOSX/5.png" },
        new[] { " car car/1.png" },
        "folders of classes")]
    [InlineData(
        new[] { "cat/set1/1.png", "cat/set2/2.png", "dog/3.png", "dog/images/4.png", "dog/@eaDir/5.png/thumb.png" },
        new[] { " cat cat/set1/1.png", " cat cat/set2/2.png", " dog dog/3.png", " dog dog/images/4.png" },
        "folders of classes")]      // the first folder is the class, as in torchvision; a NAS's thumbnails are none
    [InlineData(
        new[] { "test_set/test_set/cat/1.png", "training_set/training_set/cat/2.png" },
        new[] { "test cat test_set/test_set/cat/1.png", "train cat training_set/training_set/cat/2.png" },
        "folders of classes in splits test, train")]
    [InlineData(
        new[] { "train2017/1.png", "val2017/2.png" },
        new[] { "train all train2017/1.png", "val all val2017/2.png" },
        "images without classes in splits train, val")]
    [InlineData(
        new[] { "car/images/1.png", "test_tube/images/2.png", "train_station/images/3.png" },
        new[] { " car car/images/1.png", " test_tube test_tube/images/2.png", " train_station train_station/images/3.png" },
        "folders of classes")]
    [InlineData(
        new[] { "test_tube/1.png", "train_station/2.png" },
        new[] { " test_tube test_tube/1.png", " train_station train_station/2.png" },
        "folders of classes")]      // unlike test_set and train_set, these have nothing in common
    [InlineData(
        new[] { "evaluation/cat/1.png", "training/cat/2.png" },
        new[] { "train cat training/cat/2.png", "val cat evaluation/cat/1.png" },
        "folders of classes in splits train, val")]
    [InlineData(
        new[] { "test/images/1.png", "train/n01/images/2.png", "train/n02/images/3.png", "val/4.png" },
        new[] { "test  test/images/1.png", "train n01 train/n01/images/2.png", "train n02 train/n02/images/3.png", "val  val/4.png" },
        "folders of classes in splits test, train, val")]       // Tiny ImageNet
    public async Task Open_Folders_AreUnderstoodAndSaySo(string[] files, string[] expected, string layout)
    {
        using var source = await OpenAsync(Folder(files));

        Assert.Equal(expected, source.Listing.Images.Select(image => $"{image.Split} {image.Class} {image.Path}").Order(StringComparer.Ordinal));
        Assert.Equal(layout, source.Listing.Layout);
    }

    [Fact]
    public async Task Prepare_FilesThatAreNoImages_AreCountedByEndingInDatasetAndStatus()
    {
        var folder = Folder(
        [
            .. Enumerable.Range(0, 4).SelectMany(number => new[] { $"a/{number}.png", $"b/{number}.png" }),
            "a/scan.TIF", "a/notes.txt", "b/more.tif", "README", ".DS_Store"
        ]);
        Directory.CreateSymbolicLink(Path.Combine(folder, "a", "link.png"), Path.Combine(folder, "a", "0.png"));

        var (manifest, status) = await PrepareAsync(Workplace.Request(folder));

        Assert.Equal(new SortedDictionary<string, long> { [".tif"] = 2, [".txt"] = 1, ["links"] = 1, ["no ending"] = 1 }, manifest.LeftOut);
        Assert.Equal("written; left out: 2 .tif, 1 .txt, 1 links, 1 no ending", status.Progress!.Stage);
    }

    [Fact]
    public async Task Prepare_WebDataset_CountsWhatBelongsToNoSample()
    {
        var tar = _place.Tar(
        [
            .. Enumerable.Range(0, 6).SelectMany(key => new[]
            {
                ($"{key}.png", Pictures.Stripes(key % 2, key)), ($"{key}.cls", new[] { (byte)('0' + key % 2) }), ($"{key}.json", "{}"u8.ToArray())
            }),
            ("x.heic", [1])
        ]);

        var (manifest, _) = await PrepareAsync(Workplace.Request(tar));

        Assert.Equal([KeyValuePair.Create(".heic", 1L)], manifest.LeftOut);
    }

    [Theory]
    [InlineData("'v1.a.cls' and 'v1.b.cls'", "v1.a.png", "v1.a.cls", "v1.b.png", "v1.b.cls")]
    [InlineData("'0.left.png' and '0.right.png'", "0.left.png", "0.right.png", "0.cls")]
    [InlineData("two files of the name '0.png'", "0.png", "0.cls", "0.png")]
    public async Task Open_WebDatasetOfWhichSamplesShareAKey_NamesBothFiles(string expected, params string[] names)
    {
        var tar = _place.Tar(Array.ConvertAll(
            names, name => (name, name.EndsWith(".cls", StringComparison.Ordinal) ? "1"u8.ToArray() : Pictures.Stripes(0, 0))));

        Assert.Contains(expected, (await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(tar))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NameTwiceInATar_IsRefusedByName()
    {
        var tar = _place.Tar(("a/1.png", Pictures.Stripes(0, 0)), ("b/1.png", Pictures.Stripes(1, 0)), ("a/1.png", Pictures.Stripes(0, 1)));

        Assert.Contains("'a/1.png'", (await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(tar))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_RowWithoutALabel_IsNamed()
    {
        var job = Workplace.Prepare(Workplace.Request(Golden("null-label.parquet")));

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains("it has no label", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_RowsWithoutALabelToBeSkipped_AreLeftOutAndNamed()
    {
        var (manifest, _) = await PrepareAsync(Workplace.Request(Golden("null-label.parquet")) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Equal(["0", "1"], manifest.Classes);
        Assert.All(manifest.Skipped, skipped => Assert.Equal("it has no label", skipped.Reason));
        Assert.Equal(20, manifest.Skipped.Length + manifest.Splits.Values.Sum(split => split.Images));
        Assert.NotEmpty(manifest.Skipped);
    }

    [Fact]
    public async Task Prepare_RowsWithoutALabelBesideChosenClasses_AreNoneOfThem()
    {
        var (manifest, _) = await PrepareAsync(Workplace.Request(Golden("null-label.parquet")) with { Classes = ["1"] });

        Assert.Equal(["1"], manifest.Classes);
        Assert.Empty(manifest.Skipped);
    }

    [Fact]
    public async Task Open_ParquetCompressedByLz4_IsRead()
    {
        using var source = await OpenAsync(Golden("lz4.parquet"));

        Assert.Equal(["0 20", "1 20"], source.Listing.Images.CountBy(image => image.Class!).Select(each => $"{each.Key} {each.Value}").Order());
        Assert.All(source.Listing.Images, image => Assert.InRange(PictureDecoder.Measure(image.Read()).Width, 40, 64));
    }

    [Fact]
    public async Task Prepare_PipeAmongTheImages_IsNamedAndNotWaitedFor()
    {
        var folder = Folder([.. Enumerable.Range(0, 4).SelectMany(number =>
            new[] { $"a/{number}.png", $"b/{number}.png" })]);
        using (var made = Process.Start("mkfifo", [Path.Combine(folder, "a", "pipe.png")]))
            await made.WaitForExitAsync();

        var (manifest, _) = await PrepareAsync(Workplace.Request(folder) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Equal(
            ("a/pipe.png", "it is empty, or a pipe or device and no regular file"), (Assert.Single(manifest.Skipped).Path, manifest.Skipped[0].Reason));
    }

    [Fact]
    public async Task Open_PipeForASource_IsRefused()
    {
        var pipe = Path.Combine(_place.Root, "x.tar");
        using (var made = Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();

        Assert.Contains("no regular file", (await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(pipe))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_BackslashInAName_IsPartOfIt()
    {
        using var source = await OpenAsync(Folder("a/1.png", @"a\b.png"));

        Assert.Equal(["a/1.png"], source.Listing.Images.Select(image => image.Path));      // the other lies in no folder
    }

    [Fact]
    public async Task Prepare_NameThatIsNotUtf8_IsNamed()
    {
        var folder = Folder([.. Enumerable.Range(0, 4).SelectMany(number => new[] { $"a/{number}.png", $"b/{number}.png" })]);
        using (var made = Process.Start("bash", ["-c", $"cp '{folder}/a/0.png' '{folder}/a/'$'caf\\xe9.png'"]))
            await made.WaitForExitAsync();

        var (manifest, _) = await PrepareAsync(Workplace.Request(folder) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Contains("not UTF-8", Assert.Single(manifest.Skipped).Reason, StringComparison.Ordinal);
        using var removed = Process.Start("rm", ["-r", folder]);        // .NET cannot name it
        await removed.WaitForExitAsync();
    }

    [Fact]
    public async Task Prepare_NamesThatAreNotUtf8InATar_AreRead()
    {
        var tar = Path.Combine(_place.Root, "latin1.tar");
        await using (var writer = new TarWriter(File.Create(tar), TarEntryFormat.V7))
        {
            foreach (var name in Enumerable.Range(0, 8).Select(number => $"{(number % 2 == 0 ? "a" : "b")}/{number}.png"))
                await writer.WriteEntryAsync(new V7TarEntry(TarEntryType.V7RegularFile, name) { DataStream = new MemoryStream(Pictures.Stripes(0, 1)) });
        }

        var bytes = await File.ReadAllBytesAsync(tar);
        var place = bytes.AsSpan().IndexOf("a/0.png"u8);
        bytes[place + 2] = 0xE9;                                             // é, as Latin-1 has it
        var sum = 0;
        for (var index = 0; index < 512; index++)
            sum += index is >= 148 and < 156 ? ' ' : bytes[index];
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, 148);
        await File.WriteAllBytesAsync(tar, bytes);

        var (manifest, _) = await PrepareAsync(Workplace.Request(tar));

        Assert.Equal(8, manifest.Splits.Values.Sum(split => split.Images));
    }

    [Fact]
    public async Task Prepare_OneImageInEachClass_HoldsOutAPartOfAll()
    {
        var (manifest, _) = await PrepareAsync(Workplace.Request(Folder([.. Enumerable.Range(0, 20).Select(number => $"person{number:D2}/face.png")])));

        Assert.Equal((20, 17L, 3L), (manifest.Classes.Length, manifest.Splits["train"].Images, manifest.Splits["test"].Images));
    }

    [Fact]
    public async Task Prepare_OneClassWithASingleImage_TrainsOnIt()
    {
        var (manifest, _) = await PrepareAsync(Workplace.Request(Folder("a/1.png", "a/2.png", "a/3.png", "lonely/1.png")));

        Assert.Equal([1, 1], manifest.Splits["train"].ImagesPerClass);
        Assert.Equal([2, 0], manifest.Splits["test"].ImagesPerClass);
    }

    [Fact]
    public async Task Train_ClassesWithoutAnImageToTrainOn_AreRefusedWhereLabelsAreLearned()
    {
        await _place.PublishAsync(Workplace.Request(Folder([.. Enumerable.Range(0, 20).Select(number => $"person{number:D2}/face.png")])));
        var job = Workplace.Train(Workplace.TinyRecipe());

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains(
            "has no image to train on, and objective joint learns every class",
            (await _place.StatusAsync(job)).Failure!.Message,
            StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(Workplace.Train(Workplace.TinyRecipe(Shared.Recipes.Objective.Representation), "other")));
    }

    [Theory]
    [InlineData("images.tar.bz2")]
    [InlineData("images.tar.xz")]
    [InlineData("images.tar.zst")]
    [InlineData("images.7z")]
    [InlineData("joined.tar")]       // of two archives, one behind the other
    public async Task Open_ArchiveOfAnyKind_HasItsImages(string name)
    {
        using var source = await OpenAsync(Archive(name));

        Assert.Equal(
            ["bus bus/0.png", "bus bus/1.png", "car car/0.png", "car car/1.png"], source.Listing.Images.Select(image => $"{image.Class} {image.Path}"));
        Assert.Equal(
            [[10, 200, 30], [10, 200, 31], [200, 20, 10], [200, 20, 11]], source.Listing.Images.Select(image => Picture.Decode(image.Read()).Pixels[..3]));
    }

    [Fact]
    public async Task Open_ArchivesInAFolder_AreFoldersOfTheirNames()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_place.Root, "many")).FullName;
        foreach (var (name, other) in new[] { ("images.tar.xz", "a.txz"), ("images.7z", "b.7z") })
            File.Copy(Archive(name), Path.Combine(folder, other));

        using var source = await OpenAsync(folder);

        Assert.Equal(8, source.Listing.Images.Count);
        Assert.Contains("a/bus/0.png", source.Listing.Images.Select(image => image.Path));
        Assert.Contains("b/car/1.png", source.Listing.Images.Select(image => image.Path));
    }

    [Theory]
    [InlineData("locked.zip", "needs a password")]
    [InlineData("locked.7z", "password")]
    public async Task Open_EncryptedArchive_SaysSo(string name, string expected)
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(Archive(name)));

        Assert.Contains($"'{Archive(name)}' is encrypted", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images.tar.bz2", "bzip2 file")]
    [InlineData("images.tar.xz", "xz file")]
    [InlineData("images.tar.zst", "zstd file")]
    [InlineData("images.7z", "archive")]
    public async Task Open_ArchiveThatIsCutOrDamaged_SaysSo(string name, string kind)
    {
        var whole = await File.ReadAllBytesAsync(Archive(name));
        var damaged = whole.ToArray();
        for (var index = whole.Length / 2; index < whole.Length / 2 + 16; index++)
            damaged[index] ^= 0x5A;

        foreach (var bytes in new[] { whole[..(whole.Length * 2 / 3)], damaged })
        {
            var path = Path.Combine(_place.Root, name);
            await File.WriteAllBytesAsync(path, bytes);

            var refused = await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(path));

            Assert.Contains($"'{path}' is not a whole {kind}", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_Cifar100_HasItsFineLabels()
    {
        byte[] Record(byte coarse, byte fine) => [coarse, fine, .. Enumerable.Repeat((byte)(fine * 50), 3072)];
        var folder = Directory.CreateDirectory(Path.Combine(_place.Root, "cifar-100-binary")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "train.bin"), [.. Record(7, 1), .. Record(8, 2), .. Record(7, 0)]);
        await File.WriteAllBytesAsync(Path.Combine(folder, "test.bin"), Record(8, 2));
        await File.WriteAllTextAsync(Path.Combine(folder, "fine_label_names.txt"), "apple\nbaby\nbear\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "coarse_label_names.txt"), "fruit\npeople\n");

        await AssertIsCifar100Async(folder, leftOut: 1);
        await AssertIsCifar100Async(Path.GetDirectoryName(Golden("meta.mat"))! + "/../cifar-100-python", leftOut: 0);

        async Task AssertIsCifar100Async(string address, int leftOut)
        {
            using var source = await OpenAsync(address);
            Assert.Equal("CIFAR-100 as it is published", source.Listing.Layout);
            Assert.Equal(["apple", "baby", "bear"], source.Listing.Classes);
            Assert.Equal(
                [
                    "test test/bear/test-00000.png 100", "train train/apple/train-00002.png 0",
                    "train train/baby/train-00000.png 50", "train train/bear/train-00001.png 100",
                ],
                source.Listing.Images.Select(image => $"{image.Split} {image.Path} {Picture.Decode(image.Read()).Pixels[0]}").Order(StringComparer.Ordinal));
            Assert.Equal(leftOut, source.Listing.LeftOut.Values.Sum());
        }
    }

    /// <summary>Read as classes, images that are to be tested on would be trained on.</summary>
    [Theory]
    [InlineData("docs", "train/a/1.png", "train/b/2.png", "val/a/3.png", "docs/figure.png")]
    [InlineData("unlabeled", "set/train/a/1.png", "set/test/a/2.png", "set/unlabeled/3.png")]
    [InlineData("seg_pred", "seg_train/a/1.png", "seg_test/a/2.png", "seg_pred/3.png")]
    public async Task Open_SplitsBesideAnotherFolder_AreRefusedByName(string other, params string[] files)
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => OpenAsync(Folder(files)));

        Assert.Contains($"beside them '{other}', which is no split", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_TestImagesWithoutClasses_StandAsideAndValidationTakesTheirPlace()
    {
        var folder = Folder([.. Enumerable.Range(0, 4).SelectMany(number =>
            new[] { $"train/a/{number}.png", $"train/b/{number}.png", $"val/a/{number}.png", $"test/{number}.png" })]);

        var job = Workplace.Prepare(Workplace.Request(folder));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var manifest = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest;
        Assert.Equal(["a", "b"], manifest.Classes);
        Assert.Equal([4, 4], manifest.Splits["train"].ImagesPerClass);
        Assert.Equal([4, 0], manifest.Splits["test"].ImagesPerClass);
        var log = await _place.BytesAsync(BlobLayout.JobLog(Workplace.RunId, job.Step));
        Assert.Contains("but not test (4), which has no labels", Encoding.UTF8.GetString(log), StringComparison.Ordinal);
    }

    /// <summary>Files that other programs wrote: Python's tarfile and zipfile, DuckDB.</summary>
    [Theory]
    [InlineData("12-labels.parquet", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23")]      // not in the order of their digits
    [InlineData("negative-labels.tar.xz", "-1 0 1 2 10")]
    [InlineData("column-Label.parquet", "0 1")]
    [InlineData("ending.pq", "0 1 2")]
    [InlineData("dot-slash.zip", "a b")]
    [InlineData("contiguous.tar.xz", "a b c")]
    [InlineData("readme-in-webdataset.tar.xz", "0 1")]
    public async Task Prepare_OddButWhole_HasItsClasses(string name, string classes)
    {
        var (manifest, _) = await PrepareAsync(Workplace.Request(Odd(name)));

        Assert.Equal(classes, string.Join(' ', manifest.Classes));
        Assert.Empty(manifest.Skipped);
    }

    [Theory]
    [InlineData("crc-wrong-stored-bmp.zip", "Image 'a/x.bmp'", "its checksum is another")]
    [InlineData("bzip2.zip", "Image 'a/", "compressed using BZip2")]
    [InlineData("count-wrong.zip", "is not a whole zip archive", "Number of entries")]
    [InlineData("header-bit-flipped.tar.xz", "is not a whole tar archive", "the header of 'c/0.png' is damaged")]
    [InlineData("sparse.tar.xz", "cannot be read", "Pack it anew, without --sparse")]
    [InlineData("latin1-two-classes.tar.xz", "a folder whose name is not UTF-8", "'caf\uFFFD/0.png'")]
    [InlineData("latin1-label.tar.xz", "The label '0000.cls' cannot be read", "in UTF-8")]
    [InlineData("hf-minus-one.parquet", "it has no label", "onBadImage")]
    [InlineData("hf-names-twice.parquet", "two classes the name 'crane'", "hf-names-twice.parquet")]
    [InlineData("label-list.parquet", "The column 'labels'", "lists or structures")]
    [InlineData("parquet-footer-length-huge.parquet", "is not a whole parquet file", "footer-length-huge")]
    public async Task Prepare_OddAndAmbiguousOrDamaged_SaysWhy(string name, string cause, string detail)
    {
        var job = Workplace.Prepare(Workplace.Request(Odd(name)));

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        var message = (await _place.StatusAsync(job)).Failure!.Message;
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.Contains(detail, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_LinksInAZip_AreCountedAndNotRead()
    {
        var (manifest, _) = await PrepareAsync(Workplace.Request(Odd("symlinks.zip")));

        Assert.Equal([KeyValuePair.Create("links", 2L)], manifest.LeftOut);
    }

    [Fact]
    public async Task Open_FilesOfOtherPrograms_ChangeNothing()
    {
        var folder = Folder("a/1.png", "b/2.png", "paper.cls", "model.bin");
        File.Copy(Odd("table.parquet"), Path.Combine(folder, "table.parquet"));
        await File.WriteAllTextAsync(Path.Combine(folder, "archive.tar"), "<html>not found</html>");

        using var source = await OpenAsync(folder);

        Assert.Equal(["a/1.png", "b/2.png"], source.Listing.Images.Select(image => image.Path));
    }

    private Task<ImageSource> OpenAsync(string address) => ImageSource.OpenAsync(address, _place.Store, default);

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "golden", name);

    private static string Odd(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "odd", name);

    private static string Archive(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "archives", name);

    /// <summary>A folder with a picture, no two alike, under each name that is an image's, and something else under each other.</summary>
    private string Folder(params string[] names)
    {
        var folder = Path.Combine(_place.Root, "odd");
        foreach (var (number, name) in names.Index())
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, name.EndsWith(".png", StringComparison.Ordinal) ? Pictures.Stripes(number % 3, number) : [1]);
        }

        return folder;
    }

    private async Task<(DatasetManifest Manifest, JobStatus Status)> PrepareAsync(DatasetRequest request)
    {
        var job = Workplace.Prepare(request);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        return ((await _place.ResultAsync<PrepareJobResult>(job)).Manifest, await _place.StatusAsync(job));
    }
}
