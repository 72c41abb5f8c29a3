using System.Security.Cryptography;
using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Tests.Data.Augmentation;

public sealed class ViewPainterTests
{
    private static readonly View Untouched = new(default, Mirrored: false, [], Gray: false, Blur: null);

    [Theory]
    [InlineData(3, 5, 40, 37)]
    [InlineData(10, 12, 12, 9)]
    [InlineData(0, 0, 61, 47)]
    [InlineData(20, 0, 20, 20)]
    public void Paint_PartOfAPicture_IsTorchvisionsToTheBit(int x, int y, int width, int height)
    {
        var view = Untouched with { Window = Window.Part(x, y, width, height, size: 20) };

        Assert.Equal(Golden.Planes($"crop_{x}_{y}_{width}_{height}"), Paint("source", view, size: 20));
    }

    [Theory]
    [InlineData("source", 20, 20, "centre_20_20")]
    [InlineData("source", 30, 24, "centre_30_24")]
    [InlineData("source", 64, 36, "centre_64_36")]
    [InlineData("tall", 31, 28, "tall_31_28")]
    public void Paint_Centre_IsTorchvisionsToTheBit(string source, int shorter, int size, string expected)
    {
        var picture = Golden.Picture(source);
        var view = Untouched with { Window = Window.Centre(picture.Width, picture.Height, shorter, size) };

        Assert.Equal(Golden.Planes(expected), Paint(source, view, size));
    }

    [Theory]
    [InlineData("brightness", 0.3)]
    [InlineData("brightness", 1.65)]
    [InlineData("contrast", 0.25)]
    [InlineData("contrast", 1.7)]
    [InlineData("saturation", 0.0)]
    [InlineData("saturation", 0.4)]
    [InlineData("saturation", 1.8)]
    [InlineData("hue", -0.2)]
    [InlineData("hue", 0.137)]
    [InlineData("hue", 0.5)]
    public void Paint_ColorChange_IsTorchvisionsToTheBit(string property, double amount)
    {
        var view = Square with { Colors = [new(Enum.Parse<ColorProperty>(property, ignoreCase: true), amount)] };

        Assert.Equal(Golden.Planes($"{property}_{amount:0.0##}"), Paint("square", view, size: 36));
    }

    [Theory]
    [InlineData(-0.2, "23a723cf97b16b282faf258519ba5e68f497d43daf26e4aeba6bdce415795ffe")]
    [InlineData(0.15, "f2468b064270b1b31ea9ce11788187d24b5de9bfef051330fd270bed068c96f6")]
    public void Turn_MillionsOfColours_IsPillowsToTheBit(double turn, string sha256)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var red = 0; red < 256; red += 5)
        {
            var (planes, pixels) = (new byte[3 << 16], new byte[3 << 16]);
            for (var index = 0; index < 1 << 16; index++)
                (planes[index], planes[(1 << 16) + index], planes[(2 << 16) + index]) = ((byte)red, (byte)(index >> 8), (byte)index);
            Hue.Turn(planes, turn);
            for (var index = 0; index < pixels.Length; index++)
                pixels[index] = planes[(index % 3 << 16) + index / 3];
            all.AppendData(pixels);
        }

        Assert.Equal(sha256, Convert.ToHexStringLower(all.GetHashAndReset()));
    }

    [Fact]
    public void Paint_Gray_IsTorchvisionsToTheBit() =>
        Assert.Equal(Golden.Planes("gray"), Paint("square", Square with { Gray = true }, size: 36));

    [Theory]
    [InlineData(23, 0.1)]
    [InlineData(23, 0.7)]
    [InlineData(23, 2.0)]
    [InlineData(5, 2.0)]
    public void Paint_Blur_IsTorchvisionsButForRounding(int kernel, double sigma) =>
        AssertNear(Golden.Planes($"blur_{kernel}_{sigma:0.0}"), Paint("square", Square with { Blur = (kernel, sigma) }, size: 36));

    [Fact]
    public void Paint_AllTogether_IsTorchvisionsButForRounding()
    {
        ColorChange[] colors =
            [new(ColorProperty.Hue, 0.11), new(ColorProperty.Contrast, 1.4), new(ColorProperty.Saturation, 0.6), new(ColorProperty.Brightness, 1.2)];
        var view = new View(Window.Part(6, 2, 50, 41, size: 36), Mirrored: true, colors, Gray: false, Blur: (23, 1.3));

        AssertNear(Golden.Planes("view"), Paint("source", view, size: 36));
    }

    [Fact]
    public void Paint_MirroredWithoutScaling_ReversesRows()
    {
        var plain = Paint("square", Square, size: 36);

        var mirrored = Paint("square", Square with { Mirrored = true }, size: 36);

        Assert.Equal(plain.Chunk(36).SelectMany(row => row.Reverse()), mirrored);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Paint_ReducedPicture_LooksLikeTheWhole(int reduction)
    {
        var decoder = new PictureDecoder();
        var large = new Picture(256, 256,
        [
            .. Enumerable.Range(0, 256 * 256 * 3)
                .Select(index => (byte)(128 + 100 * Math.Sin(index / 3 % 256 / 40.0 + index % 3) * Math.Cos(index / 768 / 50.0)))
        ]);
        var view = Untouched with { Window = Window.Part(17, 30, 200, 210, size: 24) };
        var reduced = Picture.Blank(256 / reduction, 256 / reduction) with { Reduction = reduction };
        for (var index = 0; index < reduced.Pixels.Length; index++)
        {
            var (channel, x, y) = (index % 3, index / 3 % reduced.Width * reduction, index / 3 / reduced.Width * reduction);
            reduced.Pixels[index] = (byte)Enumerable.Range(0, reduction * reduction)
                .Average(part => large.Pixels[((y + part / reduction) * 256 + x + part % reduction) * 3 + channel]);
        }

        var (whole, part) = (Paint(large, view, size: 24), Paint(reduced, view, size: 24));

        Assert.All(whole.Zip(part), pair => Assert.InRange(pair.First - pair.Second, -2, 2));
    }

    private static View Square => Untouched with { Window = Window.Part(0, 0, 36, 36, size: 36) };

    private static byte[] Paint(string source, View view, int size) => Paint(Golden.Picture(source), view, size);

    private static byte[] Paint(Picture picture, View view, int size)
    {
        var planes = new byte[3 * size * size];
        new ViewPainter().Paint(picture, view, size, planes);
        return planes;
    }

    /// <summary>Sums of single precision in another order may round to the next number, in a few pixels.</summary>
    private static void AssertNear(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second), 0, expected.Length / 500);
    }
}
