namespace LznPipeline.Cli.Pictures;

/// <summary>A flat figure around the origin that fits the unit circle: the class of a picture.</summary>
/// <param name="Contains">Whether a point (x to the right, y down) lies in it.</param>
internal sealed record Shape(string Name, Func<double, double, bool> Contains)
{
    internal static IReadOnlyList<Shape> All { get; } =
    [
        new("bar", (x, y) => Math.Abs(x) <= 0.95 && Math.Abs(y) <= 0.22),
        new("circle", (x, y) => InDisc(x, y, 0.85)),
        new("crescent", (x, y) => InDisc(x, y, 0.95) && !InDisc(x - 0.5, y, 0.75)),
        new("cross", (x, y) => Math.Min(Math.Abs(x), Math.Abs(y)) <= 0.22 && Math.Max(Math.Abs(x), Math.Abs(y)) <= 0.9),
        new("diamond", (x, y) => Math.Abs(x) / 0.55 + Math.Abs(y) <= 1),
        new("hourglass", (x, y) => Math.Abs(y) <= 0.85 && Math.Abs(x) <= 0.9 * Math.Abs(y)),
        new("ring", (x, y) => InDisc(x, y, 0.95) && !InDisc(x, y, 0.6)),
        new("square", (x, y) => Math.Max(Math.Abs(x), Math.Abs(y)) <= 0.7),
        new("star", Polygon(5, 1, 0.4)),
        new("triangle", Polygon(3, 1, 0.5)),
    ];

    private static bool InDisc(double x, double y, double radius) => x * x + y * y <= radius * radius;

    /// <summary>
    /// Corners at <paramref name="outer"/> and between them at <paramref name="inner"/>, the first at the top. With inner = outer cos(pi / n) the sides are straight.
    /// </summary>
    private static Func<double, double, bool> Polygon(int corners, double outer, double inner)
    {
        var points = Enumerable.Range(0, 2 * corners).Select(i =>
        {
            var (radius, angle) = (i % 2 == 0 ? outer : inner, Math.PI * i / corners);
            return (X: radius * Math.Sin(angle), Y: -radius * Math.Cos(angle));
        }).ToArray();
        return (x, y) =>
        {
            // A ray to the right crosses the outline of a figure an odd number of times from inside it.
            var inside = false;
            for (var (i, j) = (0, points.Length - 1); i < points.Length; j = i++)
            {
                var (a, b) = (points[i], points[j]);
                if (a.Y > y != b.Y > y && x < a.X + (y - a.Y) / (b.Y - a.Y) * (b.X - a.X))
                    inside = !inside;
            }

            return inside;
        };
    }
}
