using System.Diagnostics;

namespace LznPipeline.Activities.Launching;

/// <summary>The trace that a job belongs to, in the variables by which OpenTelemetry hands a trace to another program.</summary>
internal static class JobTrace
{
    /// <summary>Empty when nothing is traced.</summary>
    internal static IReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var variables = new Dictionary<string, string>();
            if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } current)
                return variables;
            variables["TRACEPARENT"] = id;
            if (current.TraceStateString is { Length: > 0 } state)
                variables["TRACESTATE"] = state;
            return variables;
        }
    }
}
