using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lzn.Durable;

/// <summary>Traces and metrics of the engine; listen to the source and meter named "Lzn.Durable".</summary>
internal static class Telemetry
{
    public const string Name = "Lzn.Durable";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> StorageOperations = Meter.CreateCounter<long>("durable.storage.operations", description: "Requests to blob and queue storage");

    public static readonly Counter<long> Turns = Meter.CreateCounter<long>("durable.turns", description: "Turns committed to histories");

    public static readonly Counter<long> Activities = Meter.CreateCounter<long>("durable.activities", description: "Activities run to their end");

    public static readonly Counter<long> SharedActivities = Meter.CreateCounter<long>("durable.activities.shared", description: "Activities given to the queue that all hosts pull from");
}
