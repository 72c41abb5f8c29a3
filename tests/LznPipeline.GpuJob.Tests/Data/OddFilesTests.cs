using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Tests.Data;

/// <summary>Archives, parquet and published datasets that other programs wrote, whole, odd and damaged.</summary>
public sealed class OddFilesTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

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
        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(Odd(name)));

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
        var (manifest, _) = await _place.PreparedAsync(Workplace.Request(Odd("symlinks.zip")));

        Assert.Equal([KeyValuePair.Create("links", 2L)], manifest.LeftOut);
    }

    private Task<ImageSource> OpenAsync(string address) => ImageSource.OpenAsync(address, _place.Store, default);

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "golden", name);

    private static string Odd(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "odd", name);

    private static string Archive(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Sources", "archives", name);
}
