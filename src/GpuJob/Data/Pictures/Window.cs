using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Which part of a picture becomes an image, and how large: the source rectangle is scaled to Width x Height, and of that a square at (Left, Top) is kept.</summary>
/// <param name="SourceX">Left edge of the rectangle in pixels of the whole picture; likewise the next three.</param>
/// <param name="Width">Pixels of the scaled rectangle; at least Left + the side of the image.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Window(int SourceX, int SourceY, int SourceWidth, int SourceHeight, int Width, int Height, int Left, int Top)
{
    /// <summary>How much smaller a reduced picture may be than it is: still twice what it is scaled to, so that nearly nothing is lost.</summary>
    private const int Reserve = 2;

    private const int MostReduction = 8;

    /// <summary>The shorter side scaled to <paramref name="shorter"/>, and the centre cut out; as torchvision's Resize and CenterCrop.</summary>
    internal static Window Centre(int width, int height, int shorter, int size)
    {
        var (scaledWidth, scaledHeight) = width <= height ? (shorter, (int)((double)shorter * height / width)) : ((int)((double)shorter * width / height), shorter);
        return new Window(0, 0, width, height, scaledWidth, scaledHeight, (int)Math.Round((scaledWidth - size) / 2.0), (int)Math.Round((scaledHeight - size) / 2.0));
    }

    /// <summary>A rectangle scaled to a square as a whole.</summary>
    internal static Window Part(int x, int y, int width, int height, int size) => new(x, y, width, height, size, size, 0, 0);

    /// <summary>At which part of its width and height a JPEG may be decoded for this: 1, 2, 4 or 8.</summary>
    internal int Reduction
    {
        get
        {
            var reduction = MostReduction;
            while (reduction > 1 && (SourceWidth < Width * Reserve * reduction || SourceHeight < Height * Reserve * reduction))
                reduction /= 2;
            return reduction;
        }
    }
}
