using LznPipeline.Cli.Pictures;

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
            using var drawing = Drawing.Draw(shape, new Random(5));

            // Noise spreads each colour; between the two lies a gap that no pixel but those on the edge falls into.
            var means = drawing.Pixels.Select(pixel => (pixel.Red + pixel.Green + pixel.Blue) / 3.0).Order().ToArray();
            Assert.True(means[^1] - means[0] > 60, shape.Name);
            var (low, high) = (means[means.Length / 50], means[^(means.Length / 50)]);      // the smallest bar has a twentieth of the pixels
            Assert.InRange(means.Count(mean => Math.Abs(mean - (low + high) / 2) < (high - low) / 8), 0, means.Length / 10);
        }
    }

    [Fact]
    public void Outline_ShapesOfOneArea_AreToldApartByTheirPoints()
    {
        var shapes = Shape.All.ToDictionary(shape => shape.Name, shape => new Func<float, float, bool>(shape.Outline.Contains));

        Assert.True(shapes["circle"](0, 0) && !shapes["circle"](0.7f, 0.7f));
        Assert.True(shapes["square"](0.65f, 0.65f) && !shapes["ring"](0, 0) && shapes["ring"](0.8f, 0));
        Assert.True(shapes["star"](0, -0.9f) && !shapes["star"](0, 0.9f));
        Assert.True(shapes["hourglass"](0, -0.8f) && !shapes["hourglass"](0.8f, 0));
        Assert.True(shapes["triangle"](0, -0.9f) && !shapes["triangle"](0, 0.6f));
        Assert.True(shapes["crescent"](-0.5f, 0) && !shapes["crescent"](0.5f, 0));
        Assert.True(shapes["cross"](0, 0) && shapes["cross"](0.8f, 0) && shapes["cross"](0, 0.8f) && !shapes["cross"](0.5f, 0.5f));
        Assert.True(shapes["bar"](0.9f, 0) && !shapes["bar"](0, 0.5f) && shapes["diamond"](0, 0.9f) && !shapes["diamond"](0.5f, 0.5f));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<string> Contents(string name) =>
        [.. Directory.GetFiles(Path.Combine(_folder, name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file =>
                $"{Path.GetRelativePath(Path.Combine(_folder, name), file)} "
                + $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
}
