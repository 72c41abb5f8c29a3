using System.Text;

namespace Lzn.Durable.Storage;

/// <summary>
/// Where everything of a hub lies. Container "{hub}-durable":
/// <code>
/// hub.json                                     what was fixed when the hub was created
/// partitions/{nn}                              lease: the host that runs the partition's instances
/// hosts/{host}                                 heartbeat of a host
/// active/{nn}/{instance}/{start}               mark: the instance has work to do; what a host loads when it takes the partition
/// instances/{instance}.json                    the instance's record: how it was started, how it ended
/// history/{instance}/{execution}               append blob, one line a turn: the truth
/// payloads/{instance}/{execution}/{sha256}     inputs and outputs too long for the line
/// messages/{id}                                messages too long for the queue
/// purges/{id}.json                             a purge under way: what goes with the records that it deletes
/// </code>
/// Queues: "{hub}-control-{nn}" for messages to instances, "{hub}-activities" for activities that any host may run, "{hub}-poison" for messages that
/// cannot be read.
/// </summary>
internal static class HubNames
{
    private const int LongestKey = 700; // blob names end at 1,024 characters; the longest other parts are 110

    public static string Container(string hub) => $"{Lower(hub)}-durable";

    public static string ControlQueue(string hub, int partition) => $"{Lower(hub)}-control-{partition:00}";

    public static string ActivityQueue(string hub) => $"{Lower(hub)}-activities";

    public static string PoisonQueue(string hub) => $"{Lower(hub)}-poison";

    public static string Partition(int partition) => $"partitions/{partition:00}";

    public static string Active(int partition) => $"active/{partition:00}/";

    public static string Active(int partition, string instanceId, string startId) => $"{Active(partition)}{Key(instanceId)}/{startId}";

    public static string Instance(string instanceId) => $"instances/{Key(instanceId)}.json";

    public static string InstancePrefix(string idPrefix) => $"instances/{Uri.EscapeDataString(idPrefix)}";

    public static string Histories => "history/";

    public static string AllPayloads => "payloads/";

    public static string Purges => "purges/";

    public static string Purge(string id) => $"{Purges}{id}.json";

    public static string History(string instanceId) => $"{Histories}{Key(instanceId)}/";

    public static string History(string instanceId, string executionId) => History(instanceId) + executionId;

    public static string Payloads(string instanceId) => $"{AllPayloads}{Key(instanceId)}/";

    public static string Payloads(string instanceId, string executionId) => $"{Payloads(instanceId)}{executionId}/";

    public static string InstanceIdOfRecord(string blob) => Uri.UnescapeDataString(blob["instances/".Length..^".json".Length]);

    public static string InstanceIdOfMark(string blob) => Uri.UnescapeDataString(blob.Split('/')[2]);

    public static int PartitionOf(string instanceId, int partitions)
    {
        var hash = 2166136261u; // FNV-1a: stored layouts depend on it, so it is spelled out
        foreach (var octet in Encoding.UTF8.GetBytes(instanceId))
            hash = (hash ^ octet) * 16777619u;
        return (int)(hash % (uint)partitions);
    }

    /// <exception cref="ArgumentException">The id is empty, too long, or has control characters.</exception>
    public static string Key(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var key = Uri.EscapeDataString(instanceId);
        if (key.Length > LongestKey || instanceId.Any(char.IsControl))
            throw new ArgumentException($"'{instanceId}' cannot be an instance id: at most {LongestKey} characters once escaped for a URL, and no control characters.", nameof(instanceId));
        return key;
    }

    private static string Lower(string hub) => hub.ToLowerInvariant();
}
