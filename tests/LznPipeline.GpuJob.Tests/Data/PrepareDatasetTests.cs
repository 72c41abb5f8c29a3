using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Data;

public sealed class PrepareDatasetTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Prepare_Folder_HoldsOutAPartOfEveryClass()
    {
        var manifest = await _place.PublishDatasetAsync(perClass: 20);

        Assert.Equal(["across", "down"], manifest.Classes);
        Assert.Equal([17, 17], manifest.Splits["train"].ImagesPerClass);
        Assert.Equal([3, 3], manifest.Splits["test"].ImagesPerClass);
    }

    [Fact]
    public async Task Prepare_Shards_HoldTheOriginalFilesWithLabelAndPath()
    {
        var manifest = await _place.PublishDatasetAsync();
        var shard = $"{BlobLayout.Attempt(Workplace.RunId, "prepare", 1)}/{manifest.Splits["test"].Shards[0].File.Name}";

        var bytes = await _place.BytesAsync(shard);
        var samples = ShardReader.Read(shard, bytes).ToList();

        Assert.Equal(4, samples.Count);
        Assert.All(samples, sample =>
        {
            var path = SampleOrigin.Parse(bytes.AsSpan(sample.Origin.Offset, sample.Origin.Length), shard).Path;
            Assert.Equal(File.ReadAllBytes(Path.Combine(_place.Root, "source", path)), bytes[sample.Image.Offset..(sample.Image.Offset + sample.Image.Length)]);
            Assert.StartsWith(manifest.Classes[sample.Label], path, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Prepare_SameSource_GivesTheSameBytesFromFolderAndTar()
    {
        var folder = _place.Source();
        var files = Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal);
        var tar = _place.Tar([.. files.Select(file => ("./" + Path.GetRelativePath(folder, file), File.ReadAllBytes(file)))]);

        var fromFolder = await ShardsAsync(Workplace.Request(folder), "prepare-a");
        var fromTar = await ShardsAsync(Workplace.Request(tar), "prepare-b");

        Assert.NotEmpty(fromFolder);
        Assert.Equal(fromFolder, fromTar);
    }

    [Fact]
    public async Task Prepare_TarInTheStore_IsReadFromThere()
    {
        await using (var tar = File.OpenRead(_place.Tar(
            ("a/1.png", Pictures.Stripes(0, 1)), ("a/2.png", Pictures.Stripes(0, 2)),
            ("b/1.png", Pictures.Stripes(1, 1)), ("b/2.png", Pictures.Stripes(1, 2)))))
            await _place.Store.WriteAsync("uploads/pictures.tar", tar, default);

        Assert.NotEmpty(await ShardsAsync(Workplace.Request("blob:uploads/pictures.tar"), "prepare"));
    }

    [Fact]
    public async Task Prepare_SourceWithSplits_KeepsThem()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Tar(
            ("train/a/1.png", Pictures.Stripes(0, 1)), ("train/b/1.png", Pictures.Stripes(1, 1)),
            ("test/a/2.png", Pictures.Stripes(0, 2)), ("test/b/2.jpg", Pictures.Jpeg))));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var splits = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest.Splits;
        Assert.Equal([1, 1], splits["train"].ImagesPerClass);
        Assert.Equal([1, 1], splits["test"].ImagesPerClass);
    }

    [Fact]
    public async Task Prepare_ChosenClasses_LeavesOutTheOthers()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source(classes: 3)) with { Classes = ["chess", "across"] });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var manifest = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest;
        Assert.Equal(["across", "chess"], manifest.Classes);
        Assert.Equal(24, manifest.Splits.Values.Sum(split => split.Images));
    }

    [Fact]
    public async Task Prepare_UnknownClass_FailsAndNamesThoseThereAre()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()) with { Classes = ["cat"] });

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains("'cat'", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_WithoutClasses_MakesOneOfAll()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_place.Root, "faces")).FullName;
        for (var number = 0; number < 10; number++)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.png"), Pictures.Stripes(0, number));
        var job = Workplace.Prepare(Workplace.Request(folder));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var manifest = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest;
        Assert.Equal(["all"], manifest.Classes);
        Assert.Equal((8, 2), (manifest.Splits["train"].Images, manifest.Splits["test"].Images));
    }

    [Fact]
    public async Task Prepare_EveryImageOfAClassBroken_FailsThoughTheyMayBeSkipped()
    {
        var folder = _place.Source();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "down")))
            await File.WriteAllBytesAsync(file, [1, 2, 3]);
        var job = Workplace.Prepare(Workplace.Request(folder) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains("'down'", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_MaxImages_TakesEvenlyOfEveryClass()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source(perClass: 20)) with { MaxImages = 10 });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var splits = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest.Splits;
        Assert.Equal([4, 4], splits["train"].ImagesPerClass);
        Assert.Equal([1, 1], splits["test"].ImagesPerClass);
    }

    [Fact]
    public async Task Prepare_BrokenImageToBeSkipped_IsCountedAndNamed()
    {
        var folder = _place.Source();
        await File.WriteAllBytesAsync(Path.Combine(folder, "down", "broken.jpg"), Pictures.Jpeg[..200]);
        var job = Workplace.Prepare(Workplace.Request(folder) with { OnBadImage = BadImagePolicy.Skip });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var manifest = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest;
        Assert.Equal("down/broken.jpg", Assert.Single(manifest.Skipped).Path);
        Assert.Equal(24, manifest.Splits.Values.Sum(split => split.Images));
    }

    [Fact]
    public async Task Prepare_BrokenImage_FailsAndNamesIt()
    {
        var folder = _place.Source();
        await File.WriteAllBytesAsync(Path.Combine(folder, "down", "broken.jpg"), Pictures.Jpeg[..200]);

        Assert.Contains("down/broken.jpg", await RefusalAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_NotAnImage_FailsAndNamesIt()
    {
        var folder = _place.Source();
        await File.WriteAllTextAsync(Path.Combine(folder, "down", "note.png"), "not a picture");

        Assert.Contains("down/note.png", await RefusalAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_NoImages_SaysWhatIsExpected() =>
        Assert.Contains("class/name.jpg", await RefusalAsync(Directory.CreateDirectory(Path.Combine(_place.Root, "empty")).FullName), StringComparison.Ordinal);

    [Fact]
    public async Task Prepare_NoSource_NamesIt() => Assert.Contains("/nowhere/at/all", await RefusalAsync("/nowhere/at/all"), StringComparison.Ordinal);

    [Fact]
    public async Task Prepare_NotATar_SaysSo()
    {
        var path = Path.Combine(_place.Root, "source.tar");
        await File.WriteAllTextAsync(path, new string('x', 4000));

        Assert.Contains("is no folder and no file of images", await RefusalAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../a/evil.png")]
    [InlineData("a/../../evil.png")]
    public async Task Prepare_EntryThatLeavesTheTar_IsRefused(string name)
    {
        var tar = _place.Tar(
            ("a/1.png", Pictures.Stripes(0, 1)), ("a/2.png", Pictures.Stripes(0, 2)),
            ("b/1.png", Pictures.Stripes(1, 1)), ("b/2.png", Pictures.Stripes(1, 2)),
            (name, Pictures.Stripes(0, 3)), ("../x/y.png", Pictures.Stripes(0, 4)));

        Assert.Contains("its path leads out of the source", await RefusalAsync(tar), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_place.Root, "evil.png", SearchOption.AllDirectories));
    }

    private async Task<string> RefusalAsync(string source)
    {
        var job = Workplace.Prepare(Workplace.Request(source));
        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));
        var status = await _place.StatusAsync(job);
        Assert.Equal((JobState.Failed, ExitCode.JobIsWrong), (status.State, status.Failure!.ExitCode));
        Assert.Null(await _place.Store.LengthAsync(BlobLayout.JobResult(Workplace.RunId, job.Step, 1), default));
        return status.Failure.Message;
    }

    private async Task<string[]> ShardsAsync(DatasetRequest request, string step)
    {
        var job = Workplace.Prepare(request, step);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        return
        [
            .. (await _place.ResultAsync<PrepareJobResult>(job)).Manifest.Splits.Values.SelectMany(split => split.Shards)
                .Select(shard => $"{shard.File.Name} {shard.File.Sha256}")
        ];
    }
}
