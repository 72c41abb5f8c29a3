using SkiaSharp;

namespace LznPipeline.Cli.Pictures;

/// <summary>Draws pictures of a shape: random colours, place, size, a bit of rotation, and noise.</summary>
internal static class Drawing
{
    private const int MinSide = 40;
    private const int MaxSide = 64;
    private const double MinContrast = 70;            // of 255, between the means of the colours' channels
    private const double MaxTurn = 18;                 // degrees
    private const double MaxNoise = 10;                // standard deviation, of 255
    private const int BytesPerPixel = 4;

    internal static SKBitmap Draw(Shape shape, Random random)
    {
        var side = random.Next(MinSide, MaxSide + 1);
        var radius = side * Between(random, 0.26, 0.42);
        var (x, y) = (Between(random, radius, side - radius), Between(random, radius, side - radius));
        var turn = Between(random, -MaxTurn, MaxTurn);
        var (front, back) = Colours(random);

        var picture = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(picture);
        using var paint = new SKPaint { Color = front, IsAntialias = true };
        canvas.Clear(back);
        canvas.Translate((float)x, (float)y);
        canvas.RotateDegrees((float)turn);
        canvas.Scale((float)radius);
        canvas.DrawPath(shape.Outline, paint);
        canvas.Flush();
        Roughen(picture.GetPixelSpan(), Between(random, 0, MaxNoise), random);
        return picture;
    }

    private static void Roughen(Span<byte> pixels, double deviation, Random random)
    {
        for (var index = 0; index < pixels.Length; index++)
            if (index % BytesPerPixel != BytesPerPixel - 1)             // alpha stays
                pixels[index] = (byte)Math.Clamp(Math.Round(pixels[index] + deviation * Normal(random)), 0, 255);
    }

    private static (SKColor Front, SKColor Back) Colours(Random random)
    {
        while (true)
        {
            var (front, back) = (Colour(random), Colour(random));
            if (Math.Abs(Mean(front) - Mean(back)) >= MinContrast)
                return (front, back);
        }
    }

    private static SKColor Colour(Random random) => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));

    private static double Mean(SKColor colour) => (colour.Red + colour.Green + colour.Blue) / 3.0;

    private static double Between(Random random, double least, double most) => least + random.NextDouble() * (most - least);

    /// <summary>Box and Muller's transform.</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
