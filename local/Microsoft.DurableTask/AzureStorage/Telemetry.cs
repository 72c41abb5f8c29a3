using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lzn.Durable.History;

namespace Lzn.Durable;

/// <summary>Traces and metrics of the engine. Source and meter have the name of the public packages' source, "Microsoft.DurableTask"; what nobody listens to costs next to nothing.</summary>
internal static class Telemetry
{
    public const string Name = "Microsoft.DurableTask";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> StorageOperations = Meter.CreateCounter<long>("durable.storage.operations", "{request}", "Requests to blob and queue storage");

    public static readonly Counter<long> Turns = Meter.CreateCounter<long>("durable.turns", "{turn}", "Turns committed to histories");

    public static readonly Counter<long> Activities = Meter.CreateCounter<long>("durable.activities", "{activity}", "Activities run to their end");

    public static readonly Counter<long> SharedActivities = Meter.CreateCounter<long>("durable.activities.shared", "{activity}", "Activities given to the queue that all hosts pull from");

    private static readonly Histogram<double> ActivityDuration = Meter.CreateHistogram<double>("durable.activity.duration", "s", "From the begin of an activity's code to its end");

    private static readonly Counter<long> OrchestrationsStarted = Meter.CreateCounter<long>("durable.orchestrations.started", "{execution}", "Executions begun; one for each ContinueAsNew too");

    private static readonly Counter<long> OrchestrationsEnded = Meter.CreateCounter<long>("durable.orchestrations.ended", "{execution}", "Executions ended, by status");

    private static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("durable.turn.duration", "s", "An orchestrator's code and the append of what it decided");

    private static readonly Histogram<long> HistorySize = Meter.CreateHistogram<long>("durable.history.size", "By", "Length of a history at the end of its execution");

    private static readonly Gauge<double> QueueAge = Meter.CreateGauge<double>("durable.queue.age", "s", "How long the oldest visible message of a queue has waited, looked up with the health of the hub");

    public static void Started(string name) => OrchestrationsStarted.Add(1, Task(name));

    public static void Ended(string name, InstanceState state, long historyLength)
    {
        OrchestrationsEnded.Add(1, Task(name), new("durabletask.task.status", state.EndStatus));
        HistorySize.Record(historyLength, Task(name));
    }

    public static void TookTurn(string name, TimeSpan duration)
    {
        Turns.Add(1);
        TurnDuration.Record(duration.TotalSeconds, Task(name));
    }

    public static void RanActivity(string name, TimeSpan duration, HistoryEvent? ended)
    {
        Activities.Add(1);
        ActivityDuration.Record(duration.TotalSeconds, Task(name), new("durabletask.task.status", ended switch { TaskCompleted => "Completed", TaskFailed => "Failed", _ => "Interrupted" }));
    }

    public static void SawQueue(string queue, TimeSpan age) => QueueAge.Record(age.TotalSeconds, new KeyValuePair<string, object?>("queue", queue));

    private static KeyValuePair<string, object?> Task(string name) => new("durabletask.task.name", name);
}
