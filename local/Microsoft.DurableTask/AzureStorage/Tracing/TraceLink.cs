using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Lzn.Durable.Tracing;

/// <summary>A place in a W3C trace, as it is stored with what is to be traced below it.</summary>
/// <param name="Parent">The header <c>traceparent</c>.</param>
/// <param name="State">The header <c>tracestate</c>.</param>
internal sealed record TraceLink(string Parent, string? State = null)
{
    private const int SpanIdBytes = 8;

    /// <summary>Where the caller is; null when nothing is traced.</summary>
    public static TraceLink? Current =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity ? new TraceLink(id, activity.TraceStateString) : null;

    /// <summary>Null when what is stored is no place in a trace.</summary>
    public ActivityContext? Context => ActivityContext.TryParse(Parent, State, isRemote: true, out var context) ? context : null;

    /// <summary>
    /// The span of an execution below this place. Its id follows from the execution's, so that every host and every replay knows it, although the span itself
    /// is only told once, when the execution is over.
    /// </summary>
    public TraceLink? OfExecution(string executionId) => Context is { } context
        ? this with { Parent = $"00-{context.TraceId}-{SpanIdOf(executionId)}-{(byte)context.TraceFlags:x2}" }
        : null;

    public static string SpanIdOf(string executionId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("span of " + executionId)).AsSpan(0, SpanIdBytes));
}
