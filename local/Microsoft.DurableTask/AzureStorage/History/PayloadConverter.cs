using System.Text;
using Microsoft.DurableTask;

namespace Lzn.Durable.History;

/// <summary>Values on their way into histories. Here, before anything is written, it is decided what is too long for them.</summary>
internal static class PayloadConverter
{
    /// <summary>As UTF-8. Memory sets it: a payload is held whole, several times over, while it is written or read.</summary>
    public const int LargestBytes = 64 * 1024 * 1024;

    private const int MostBytesPerCharacter = 3;

    /// <param name="what">For errors: "input of activity".</param>
    /// <param name="whose">For errors: the name of that activity.</param>
    /// <returns>Null for null.</returns>
    /// <exception cref="PayloadTooLargeException">It is longer than <see cref="LargestBytes"/>.</exception>
    public static Payload? ToPayload(this DataConverter converter, object? value, string what, string whose)
    {
        if (converter.Serialize(value) is not { } text)
            return null;
        return text.Length > LargestBytes / MostBytesPerCharacter && Encoding.UTF8.GetByteCount(text) is var bytes and > LargestBytes
            ? throw PayloadTooLargeException.Of(what, whose, bytes, LargestBytes)
            : new Payload(text);
    }
}
