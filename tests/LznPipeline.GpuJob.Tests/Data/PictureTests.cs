using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Tests.Support;

namespace LznPipeline.GpuJob.Tests.Data;

public sealed class PictureTests
{
    [Fact]
    public void Decode_Jpeg_GivesItsColours()
    {
        var picture = Picture.Decode(Pictures.Jpeg);

        Assert.Equal((16, 16), (picture.Width, picture.Height));
        AssertNear([200, 40, 40], picture, x: 2, y: 9);
        AssertNear([30, 60, 210], picture, x: 13, y: 3);
    }

    [Fact]
    public void Decode_Png_GivesEveryPixelBack()
    {
        var drawn = new Picture(3, 2, [.. Enumerable.Range(0, 18).Select(value => (byte)(value * 14))]);

        var picture = Picture.Decode(Png.Encode(drawn));

        Assert.Equal((3, 2), (picture.Width, picture.Height));
        Assert.Equal(drawn.Pixels, picture.Pixels);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Decode_TruncatedJpeg_IsRefused(double part) =>
        Assert.Throws<BadImageException>(() => Picture.Decode(Pictures.Jpeg.AsSpan(0, (int)(Pictures.Jpeg.Length * part))));

    [Fact]
    public void Decode_TruncatedPng_IsRefused()
    {
        var file = Pictures.Stripes(0, 0, size: 32);

        Assert.Throws<BadImageException>(() => Picture.Decode(file.AsSpan(0, file.Length - 30)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a no image of ours")]
    public void Decode_SomethingElse_SaysSo(string text) =>
        Assert.Throws<BadImageException>(() => Picture.Decode(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void ToSquarePlanes_OfTheSameSize_ChangesNothing()
    {
        var picture = new Picture(2, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

        Assert.Equal([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], Resize.ToSquarePlanes(picture, 2));
    }

    [Fact]
    public void ToSquarePlanes_OfAWidePicture_TakesTheMiddle()
    {
        var picture = Picture.Blank(12, 4);
        for (var y = 0; y < 4; y++)
            picture.Pixels.AsSpan((y * 12 + 4) * 3, 12).Fill(200);

        var planes = Resize.ToSquarePlanes(picture, 4);

        Assert.All(planes, value => Assert.Equal(200, value));
    }

    [Fact]
    public void ToSquarePlanes_Shrinking_AveragesInsteadOfSkipping()
    {
        var chess = Picture.Blank(32, 32);
        for (var pixel = 0; pixel < 32 * 32; pixel++)
            chess.Pixels.AsSpan(pixel * 3, 3).Fill((byte)((pixel + pixel / 32) % 2 * 200));

        Assert.All(Resize.ToSquarePlanes(chess, 8), value => Assert.InRange(value, 90, 110));
    }

    private static void AssertNear(byte[] expected, Picture picture, int x, int y)
    {
        for (var channel = 0; channel < 3; channel++)
            Assert.InRange(picture.Pixels[(y * picture.Width + x) * 3 + channel], expected[channel] - 3, expected[channel] + 3);
    }
}
