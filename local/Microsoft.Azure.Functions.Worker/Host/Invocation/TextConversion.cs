using System.Globalization;
using System.Text;
using Azure.Core.Serialization;

namespace Lzn.Functions.Invocation;

/// <summary>Turns text from a route, query or body into a parameter's type: directly for text, bytes, GUIDs and times, through JSON for all else.</summary>
internal static class TextConversion
{
    /// <exception cref="FormatException">The text is not a <paramref name="type"/>.</exception>
    public static object? Convert(string text, Type type, ObjectSerializer serializer)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target == typeof(string) || target == typeof(object))
            return text;
        if (target == typeof(byte[]))
            return Encoding.UTF8.GetBytes(text);
        try
        {
            if (target == typeof(Guid))
                return Guid.Parse(text);
            if (target == typeof(DateTimeOffset))
                return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            if (target == typeof(DateTime))
                return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            using var json = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return serializer.Deserialize(json, type, CancellationToken.None);
        }
        catch (Exception exception) when (exception is FormatException or System.Text.Json.JsonException or NotSupportedException)
        {
            throw new FormatException($"'{text}' is not a {target.Name}.", exception);
        }
    }
}
