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
        Assert.Equal(drawn.Pixels, picture.Pixels[..18]);
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
    [InlineData("GIF89a and no image behind it")]
    public void Decode_SomethingElse_SaysSo(string text) =>
        Assert.Throws<BadImageException>(() => Picture.Decode(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Measure_Png_IsItsSize() => Assert.Equal((12, 12), PictureDecoder.Measure(Pictures.Stripes(0, 0, size: 12)));

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1 << 30, 1 << 30)]
    public void Decode_PngOfImpossibleSize_IsRefused(int width, int height)
    {
        var file = Pictures.Stripes(0, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);

        Assert.Throws<BadImageException>(() => Picture.Decode(file));
    }

    private static void AssertNear(byte[] expected, Picture picture, int x, int y)
    {
        for (var channel = 0; channel < 3; channel++)
            Assert.InRange(picture.Pixels[(y * picture.Width + x) * 3 + channel], expected[channel] - 3, expected[channel] + 3);
    }
}
