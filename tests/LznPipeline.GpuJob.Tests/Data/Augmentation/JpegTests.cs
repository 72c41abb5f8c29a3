using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Tests.Data.Augmentation;

public sealed class JpegTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Decode_Jpeg_GivesThePixelsOfPillow(int reduction)
    {
        var decoder = new PictureDecoder();

        var picture = decoder.Decode(Golden.File("photo.jpg"), reduction);

        var expected = Golden.Picture($"photo_{reduction}");
        Assert.Equal((expected.Width, expected.Height, reduction), (picture.Width, picture.Height, picture.Reduction));
        Assert.Equal(Golden.Planes(expected), Golden.Planes(picture));
    }

    [Fact]
    public void Decode_JpegOfInks_GivesTheColoursOfPillow()
    {
        var (expected, picture) = (Golden.Picture("inks"), Picture.Decode(Golden.File("inks.jpg")));

        Assert.Equal((expected.Width, expected.Height), (picture.Width, picture.Height));
        Assert.All(Golden.Planes(expected).Zip(Golden.Planes(picture)), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }
}
