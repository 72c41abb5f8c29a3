using System.Buffers.Binary;
using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>A picture, inside the page and as a file beside it.</summary>
/// <param name="name">Of the file, such as <c>samples/random.png</c>.</param> <param name="png">The file.</param> <param name="caption">What one sees.</param>
internal sealed class PicturePlate(string name, byte[] png, string caption) : IBlock
{
    /// <summary>Where the PNG format keeps width and height, big-endian.</summary>
    private const int SizeOffset = 16;

    /// <summary>Narrower pictures are shown enlarged, so that 32 pixels can be looked at.</summary>
    private const int GoodWidth = 640;

    public IEnumerable<(string Name, byte[] Content)> Files => [(name, png)];

    public string ToHtml()
    {
        var width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(SizeOffset));
        var shown = width * Math.Max(1, GoodWidth / width);
        return $"""
            <figure><div class="wide"><img src="data:image/png;base64,{Convert.ToBase64String(png)}" width="{shown}" alt="{HtmlEncode(caption)}"></div><figcaption>{HtmlEncode(caption)} <code>{HtmlEncode(name)}</code></figcaption></figure>

            """;
    }
}
