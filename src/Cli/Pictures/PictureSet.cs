using System.Globalization;
using SkiaSharp;

namespace LznPipeline.Cli.Pictures;

/// <summary>Labelled pictures drawn by this program: a folder for each shape, in it JPEG and PNG files by turns.</summary>
public static class PictureSet
{
    private const int Quality = 92;

    private static readonly SKJpegEncoderOptions Jpeg = new(Quality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore);

    /// <summary>Makes the set if it is not there yet. Each picture depends on the seed, its class and its number alone.</summary>
    /// <param name="folder">Appears whole or not at all.</param>
    public static void Make(string folder, int perClass, int seed)
    {
        if (Directory.Exists(folder))
            return;
        var aside = $"{folder}.{Environment.ProcessId}.new";
        foreach (var shape in Shape.All)
            Directory.CreateDirectory(Path.Combine(aside, shape.Name));
        Parallel.For(0, Shape.All.Count * perClass, each =>
        {
            var (number, label) = Math.DivRem(each, Shape.All.Count);
            using var picture = Drawing.Draw(Shape.All[label], new Random(unchecked(seed * 1_000_003 + each)));
            var path = Path.Combine(
                aside, Shape.All[label].Name, string.Create(CultureInfo.InvariantCulture, $"{number:D5}.{(number % 2 == 0 ? "jpg" : "png")}"));
            using var file = File.Create(path);
            using var pixels = picture.PeekPixels();
            if (!(number % 2 == 0 ? pixels.Encode(file, Jpeg) : pixels.Encode(file, SKPngEncoderOptions.Default)))
                throw new IOException($"The picture '{path}' could not be encoded.");
        });
        Directory.Move(aside, folder);
    }
}
