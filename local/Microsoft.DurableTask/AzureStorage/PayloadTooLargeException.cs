namespace Lzn.Durable;

/// <summary>An input, output, event or status is longer than the engine stores. Nothing was written; the same value never will be.</summary>
public sealed class PayloadTooLargeException(string message) : ArgumentException(message)
{
    internal static PayloadTooLargeException Of(string what, string whose, long bytes, long most) => new(
        $"The {what} '{whose}' is {Grouped(bytes)} bytes long as JSON; allowed are {Grouped(most)} ({most >> 20} MiB). Store it, for example as a blob, and pass its name.");

    private static string Grouped(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
