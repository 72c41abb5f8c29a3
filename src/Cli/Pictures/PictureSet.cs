using System.Globalization;

namespace LznPipeline.Cli.Pictures;

/// <summary>Labelled pictures drawn by this program: a folder for each shape, in it JPEG and PNG files by turns.</summary>
public static class PictureSet
{
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
            var drawing = Drawing.Draw(Shape.All[label], new Random(unchecked(seed * 1_000_003 + each)));
            var (content, ending) = number % 2 == 0 ? (PictureFile.Jpeg(drawing), "jpg") : (PictureFile.Png(drawing), "png");
            File.WriteAllBytes(Path.Combine(aside, Shape.All[label].Name, string.Create(CultureInfo.InvariantCulture, $"{number:D5}.{ending}")), content);
        });
        Directory.Move(aside, folder);
    }
}
