namespace LznPipeline.Cli.Pictures;

/// <summary>A picture of a shape: random colours, place, size, a bit of rotation, and noise.</summary>
/// <param name="Pixels">RGB, row by row: Side * Side * 3 bytes.</param>
internal sealed record Drawing(int Side, byte[] Pixels)
{
    private const int LeastSide = 40;
    private const int MostSide = 64;
    private const int SamplesPerSide = 4;               // of a pixel, against jagged edges
    private const double LeastContrast = 70;            // of 255, between the means of the colours' channels
    private const double MostTurn = Math.PI / 10;
    private const double MostNoise = 10;                // standard deviation, of 255

    internal static Drawing Draw(Shape shape, Random random)
    {
        var side = random.Next(LeastSide, MostSide + 1);
        var radius = side * Between(random, 0.26, 0.42);
        var (x, y) = (Between(random, radius, side - radius), Between(random, radius, side - radius));
        var (sin, cos) = Math.SinCos(Between(random, -MostTurn, MostTurn));
        var (front, back) = Colours(random);
        var noise = Between(random, 0, MostNoise);

        var pixels = new byte[side * side * 3];
        for (var row = 0; row < side; row++)
        for (var column = 0; column < side; column++)
        {
            var covered = Coverage(column, row);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = back[channel] + covered * (front[channel] - back[channel]) + noise * Normal(random);
                pixels[(row * side + column) * 3 + channel] = (byte)Math.Clamp(Math.Round(value), 0, 255);
            }
        }

        return new Drawing(side, pixels);

        // The part of a pixel that the shape covers.
        double Coverage(int column, int row)
        {
            var hits = 0;
            for (var i = 0; i < SamplesPerSide; i++)
            for (var j = 0; j < SamplesPerSide; j++)
            {
                var (dx, dy) = ((column + (i + 0.5) / SamplesPerSide - x) / radius, (row + (j + 0.5) / SamplesPerSide - y) / radius);
                if (shape.Contains(cos * dx + sin * dy, cos * dy - sin * dx))
                    hits++;
            }

            return (double)hits / (SamplesPerSide * SamplesPerSide);
        }
    }

    private static (double[] Front, double[] Back) Colours(Random random)
    {
        while (true)
        {
            var (front, back) = (Colour(random), Colour(random));
            if (Math.Abs(front.Average() - back.Average()) >= LeastContrast)
                return (front, back);
        }
    }

    private static double[] Colour(Random random) => [Between(random, 0, 255), Between(random, 0, 255), Between(random, 0, 255)];

    private static double Between(Random random, double least, double most) => least + random.NextDouble() * (most - least);

    /// <summary>Box and Muller's transform.</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
