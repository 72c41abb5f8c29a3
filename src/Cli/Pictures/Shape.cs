using SkiaSharp;

namespace LznPipeline.Cli.Pictures;

/// <summary>A flat figure around the origin that fits the unit circle: the class of a picture. x goes to the right, y down.</summary>
internal sealed record Shape(string Name, SKPath Outline)
{
    private const float Arm = 0.22f;            // half the width of a bar

    internal static IReadOnlyList<Shape> All { get; } =
    [
        new("bar", Box(0.95f, Arm)),
        new("circle", Disc(0, 0.85f)),
        new("crescent", Both(Disc(0, 0.95f), SKPathOp.Difference, Disc(0.5f, 0.75f))),
        new("cross", Both(Box(0.9f, Arm), SKPathOp.Union, Box(Arm, 0.9f))),
        new("diamond", Polygon((0.55f, 0), (0, 1), (-0.55f, 0), (0, -1))),
        new("hourglass", Polygon((-0.765f, -0.85f), (0.765f, -0.85f), (-0.765f, 0.85f), (0.765f, 0.85f))),
        new("ring", Both(Disc(0, 0.95f), SKPathOp.Difference, Disc(0, 0.6f))),
        new("square", Box(0.7f, 0.7f)),
        new("star", Star(points: 5, inner: 0.4)),
        new("triangle", Star(points: 3, inner: 0.5)),       // 0.5 is cos(pi / 3), with which its sides are straight
    ];

    private static SKPath Disc(float x, float radius) => Draw(path => path.AddCircle(x, 0, radius));

    private static SKPath Box(float width, float height) => Draw(path => path.AddRect(new SKRect(-width, -height, width, height)));

    private static SKPath Polygon(params (float X, float Y)[] corners) =>
        Draw(path => path.AddPoly([.. corners.Select(corner => new SKPoint(corner.X, corner.Y))], close: true));

    /// <summary>Corners on the unit circle, the first at the top, and between them others nearer to the middle.</summary>
    private static SKPath Star(int points, double inner) => Polygon([.. Enumerable.Range(0, 2 * points).Select(corner =>
    {
        var (sin, cos) = Math.SinCos(Math.PI * corner / points);
        var radius = corner % 2 == 0 ? 1 : inner;
        return ((float)(radius * sin), (float)(-radius * cos));
    })]);

    private static SKPath Both(SKPath first, SKPathOp how, SKPath second)
    {
        using (first)
        using (second)
            return first.Op(second, how);
    }

    private static SKPath Draw(Action<SKPathBuilder> draw)
    {
        using var builder = new SKPathBuilder();
        draw(builder);
        return builder.Detach();
    }
}
