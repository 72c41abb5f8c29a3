using Microsoft.DurableTask;

namespace Lzn.Durable.Replay;

internal static class TaskCompletionSourceExtensions
{
    /// <summary>Completes with the deserialized value, the default for null, or the converter's exception.</summary>
    public static void SetConverted<T>(this TaskCompletionSource<T> source, DataConverter converter, string? text)
    {
        T result;
        try
        {
            result = converter.Deserialize<T>(text)!; // null is a legal result
        }
        catch (Exception exception)
        {
            source.TrySetException(exception);
            return;
        }

        source.TrySetResult(result);
    }
}
