using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
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

        var (manifest, status) = await _place.PreparedAsync(Workplace.Request(folder));

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

        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(tar));

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
        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(Golden("null-label.parquet")) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Equal(["0", "1"], manifest.Classes);
        Assert.All(manifest.Skipped, skipped => Assert.Equal("it has no label", skipped.Reason));
        Assert.Equal(20, manifest.Skipped.Length + manifest.Splits.Values.Sum(split => split.Images));
        Assert.NotEmpty(manifest.Skipped);
    }

    [Fact]
    public async Task Prepare_RowsWithoutALabelBesideChosenClasses_AreNoneOfThem()
    {
        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(Golden("null-label.parquet")) with { Classes = ["1"] });

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

        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(folder) with { OnBadImage = BadImagePolicy.Skip });

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

        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(folder) with { OnBadImage = BadImagePolicy.Skip });

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

        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(tar));

        Assert.Equal(8, manifest.Splits.Values.Sum(split => split.Images));
    }

    [Fact]
    public async Task Prepare_OneImageInEachClass_HoldsOutAPartOfAll()
    {
        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(Folder([.. Enumerable.Range(0, 20).Select(number => $"person{number:D2}/face.png")])));

        Assert.Equal((20, 17L, 3L), (manifest.Classes.Length, manifest.Splits["train"].Images, manifest.Splits["test"].Images));
    }

    [Fact]
    public async Task Prepare_OneClassWithASingleImage_TrainsOnIt()
    {
        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(Folder("a/1.png", "a/2.png", "a/3.png", "lonely/1.png")));

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

    /// <summary>Read as classes, images that are to be tested on would be trained on.</summary>
    [Theory]
    [InlineData("docs", "train/a/1.png", "train/b/2.png", "val/a/3.png", "docs/figure.png")]
    [InlineData("unlabeled", "set/train/a/1.png", "set/test/a/2.png", "set/unlabeled/3.png")]
    [InlineData("seg_pred", "seg_train/a/1.png", "seg_test/a/2.png", "seg_pred/3.png")]
    public async Task Prepare_SplitsBesideAnotherFolder_AreRefusedByName(string other, params string[] files)
    {
        var job = Workplace.Prepare(Workplace.Request(Folder(files)));

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains($"beside them '{other}', which is no split", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
        using var source = await OpenAsync(Folder(files));      // a model may be used on them all the same
        Assert.Equal(files.Length, source.Listing.Images.Count);
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
}
