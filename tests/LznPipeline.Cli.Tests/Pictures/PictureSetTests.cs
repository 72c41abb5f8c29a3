using LznPipeline.Cli.Pictures;
using SkiaSharp;

namespace LznPipeline.Cli.Tests.Pictures;

public sealed class PictureSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pictures").FullName;

    [Fact]
    public void Make_SameSeed_GivesTheSameBytes()
    {
        PictureSet.Make(Path.Combine(_folder, "a"), perClass: 4, seed: 3);
        PictureSet.Make(Path.Combine(_folder, "b"), perClass: 4, seed: 3);
        PictureSet.Make(Path.Combine(_folder, "c"), perClass: 4, seed: 4);

        Assert.Equal(40, Contents("a").Count);
        Assert.Equal(Contents("a"), Contents("b"));
        Assert.NotEqual(Contents("a"), Contents("c"));
    }

    [Fact]
    public void Make_EachClass_HasJpegAndPngByTurns()
    {
        PictureSet.Make(Path.Combine(_folder, "a"), perClass: 2, seed: 1);

        foreach (var shape in Shape.All)
        {
            var files = Directory.GetFiles(Path.Combine(_folder, "a", shape.Name)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
            Assert.Equal([0xFF, 0xD8], files[0][..2]);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], files[1][..4]);
        }
    }

    [Fact]
    public void Make_FolderIsThere_LeavesItAlone()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a"));

        PictureSet.Make(Path.Combine(_folder, "a"), perClass: 1, seed: 1);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "a")));
    }

    [Fact]
    public void Draw_AnyShape_ShowsItInOneOfTwoColours()
    {
        foreach (var shape in Shape.All)
        {
            var drawing = Drawing.Draw(shape, new Random(5));

            // Noise spreads each colour; between the two lies a gap that no pixel but those on the edge falls into.
            var means = drawing.Pixels.Chunk(3).Select(pixel => pixel.Average(each => (double)each)).Order().ToArray();
            Assert.True(means[^1] - means[0] > 60, shape.Name);
            Assert.Equal(drawing.Side * drawing.Side * 3, drawing.Pixels.Length);
        }
    }

    [Fact]
    public void Contains_ShapesOfOneArea_AreToldApartByTheirPoints()
    {
        var shapes = Shape.All.ToDictionary(shape => shape.Name, shape => shape.Contains);

        Assert.True(shapes["circle"](0, 0) && !shapes["circle"](0.7, 0.7));
        Assert.True(shapes["square"](0.65, 0.65) && !shapes["ring"](0, 0) && shapes["ring"](0.8, 0));
        Assert.True(shapes["star"](0, -0.9) && !shapes["star"](0, 0.9));
        Assert.True(shapes["hourglass"](0, -0.8) && !shapes["hourglass"](0.8, 0));
        Assert.True(shapes["triangle"](0, -0.9) && !shapes["triangle"](0, 0.6));
        Assert.True(shapes["crescent"](-0.5, 0) && !shapes["crescent"](0.5, 0));
    }

    [Fact]
    public void Encode_Png_KeepsEveryPixel()
    {
        var drawing = new Drawing(2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7]);

        Assert.Equal(drawing.Pixels, PixelsOf(PictureFile.Png(drawing)));
    }

    [Fact]
    public void Encode_Jpeg_KeepsColoursAlmost()
    {
        const int side = 16;
        byte[] left = [200, 30, 60], right = [20, 120, 220];
        var drawing = new Drawing(side, [.. Enumerable.Range(0, side * side).SelectMany(pixel => pixel % side < side / 2 ? left : right)]);

        var decoded = PixelsOf(PictureFile.Jpeg(drawing));

        // Quality 92 loses a few of 255 levels; swapped channels or rows would lose dozens.
        Assert.All(drawing.Pixels.Zip(decoded), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 12));
    }

    private static byte[] PixelsOf(byte[] file)
    {
        using var bitmap = SKBitmap.Decode(file);
        return [.. bitmap.Pixels.SelectMany(pixel => (byte[])[pixel.Red, pixel.Green, pixel.Blue])];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<string> Contents(string name) =>
        [.. Directory.GetFiles(Path.Combine(_folder, name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(Path.Combine(_folder, name), file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
}
