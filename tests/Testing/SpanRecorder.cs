using System.Collections.Concurrent;
using System.Diagnostics;

namespace LznPipeline.Testing;

/// <summary>Begins a trace of its own and keeps the spans of it, from every source of this process. Other tests' traces are others.</summary>
public sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivitySource _source = new("tests");
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.Length > 0, // what no source tells, no exporter sees
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == Root?.TraceId)
                    _ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Activity.Current = null;
        Root = _source.StartActivity("test")!; // the listener above wants it
    }

    /// <summary>The current span of the test that made the recorder.</summary>
    public Activity Root { get; }

    public IReadOnlyList<Activity> Ended => [.. _ended];

    public Activity Only(string name) => Ended.Single(span => span.OperationName == name);

    public void Dispose()
    {
        Root.Dispose();
        _listener.Dispose();
        _source.Dispose();
    }
}
