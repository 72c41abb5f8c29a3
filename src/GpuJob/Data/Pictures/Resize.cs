namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Brings pictures to the square that a network sees: shorter side to its size, the middle of the longer.</summary>
internal static class Resize
{
    /// <summary>Bilinear with antialiasing: when shrinking, each new pixel is a weighted mean of all old pixels that it covers.</summary>
    /// <param name="size">Side of the result in pixels.</param>
    /// <returns>Planes R, G, B of size * size bytes each, as networks take them: [3, size, size].</returns>
    internal static byte[] ToSquarePlanes(Picture picture, int size)
    {
        var side = Math.Min(picture.Width, picture.Height);
        var columns = Weights((picture.Width - side) / 2, side, picture.Width, size);
        var rows = Weights((picture.Height - side) / 2, side, picture.Height, size);
        return Vertical(Horizontal(picture, columns), rows, size);
    }

    /// <returns>[height, 3, size], so that the second pass reads along rows.</returns>
    private static float[] Horizontal(Picture picture, Span[] columns)
    {
        var size = columns.Length;
        var result = new float[picture.Height * Picture.Channels * size];
        for (var y = 0; y < picture.Height; y++)
        for (var channel = 0; channel < Picture.Channels; channel++)
        for (var x = 0; x < size; x++)
        {
            var (first, weights) = columns[x];
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
                sum += weights[k] * picture.Pixels[((y * picture.Width) + first + k) * Picture.Channels + channel];
            result[(y * Picture.Channels + channel) * size + x] = sum;
        }

        return result;
    }

    private static byte[] Vertical(float[] lines, Span[] rows, int size)
    {
        var result = new byte[Picture.Channels * size * size];
        for (var channel = 0; channel < Picture.Channels; channel++)
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
        {
            var (first, weights) = rows[y];
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
                sum += weights[k] * lines[((first + k) * Picture.Channels + channel) * size + x];
            result[(channel * size + y) * size + x] = (byte)Math.Clamp((int)MathF.Round(sum), 0, 255);
        }

        return result;
    }

    /// <summary>For each new pixel, which old pixels it takes and how much of each: a triangle as wide as the new pixel, never narrower than an old one.</summary>
    private static Span[] Weights(int offset, int side, int length, int size)
    {
        var scale = (double)side / size;
        var reach = Math.Max(1, scale);
        return [.. Enumerable.Range(0, size).Select(index =>
        {
            var center = offset + (index + 0.5) * scale;
            var first = Math.Max(0, (int)Math.Floor(center - reach));
            var end = Math.Min(length, (int)Math.Ceiling(center + reach));
            var weights = Enumerable.Range(first, end - first).Select(old => Math.Max(0, 1 - Math.Abs(old + 0.5 - center) / reach)).ToArray();
            var total = weights.Sum();
            return new Span(first, [.. weights.Select(weight => (float)(weight / total))]);
        })];
    }

    private readonly record struct Span(int First, float[] Weights);
}
