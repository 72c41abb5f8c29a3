using System.IO.Compression;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Tests.Data;

/// <summary>Small files that were made to unpack to large ones.</summary>
public sealed class BombTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const int BombMiB = 400;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-bomb-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_GzipBomb_IsRefusedBeforeAllOfItIsUnpacked()
    {
        var path = Path.Combine(_folder.FullName, "bomb.tar.gz");
        await using (var packed = new GZipStream(File.Create(path), CompressionLevel.SmallestSize))
            await WriteAsync(packed);

        var refused = await Assert.ThrowsAsync<BadInputException>(() => SourceTree.OpenAsync(path, store: null, default));

        Assert.Contains("over 200 times", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ZipThatSaysItself_IsRefusedBeforeAnythingIsUnpacked()
    {
        var path = Path.Combine(_folder.FullName, "bomb.zip");
        await using (var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create))
        {
            await using var entry = await zip.CreateEntry("cats/1.png", CompressionLevel.SmallestSize).OpenAsync();
            await WriteAsync(entry);
        }

        var refused = await Assert.ThrowsAsync<BadInputException>(() => SourceTree.OpenAsync(path, store: null, default));

        Assert.Contains($"unpacks to {(long)BombMiB * MiB} bytes", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 256L * MiB, false)]      // less than this does no harm
    [InlineData(1, 256L * MiB + 1, true)]
    [InlineData(10L * MiB, 2000L * MiB, false)]
    [InlineData(10L * MiB, 2010L * MiB, true)]
    public void Check_Sizes_AreRefusedOutOfProportion(long packed, long unpacked, bool refused)
    {
        var failure = Record.Exception(() => UnpackedContent.Check("it", packed, unpacked));

        Assert.Equal(refused, failure is BadInputException);
    }

    private static async Task WriteAsync(Stream packed)
    {
        var zeros = new byte[MiB];
        for (var written = 0; written < BombMiB; written++)
            await packed.WriteAsync(zeros);
    }
}
