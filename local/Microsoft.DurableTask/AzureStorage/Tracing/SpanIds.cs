using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lzn.Durable.Tracing;

/// <summary>Gives a started span an id that was known before it.</summary>
/// <remarks>
/// An execution outlives processes, so its children have to name it before it is told. <see cref="Activity"/> has no public way to choose an id; the public
/// Durable Task worker writes the same private fields. <c>TracingTests</c> fail on a runtime that has others.
/// </remarks>
internal static class SpanIds
{
    public static Activity WithSpanId(this Activity started, string spanId)
    {
        SpanId(started) = spanId;
        Id(started) = null; // made anew from its parts
        return started;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanId(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? Id(Activity activity);
}
