using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "Host {Host} works on task hub {Hub} with {Partitions} partitions")]
    public static partial void HostStarted(ILogger logger, string hub, string host, int partitions);

    [LoggerMessage(2, LogLevel.Information, "Took partition {Partition}: {Instances} instances have work to do")]
    public static partial void PartitionTaken(ILogger logger, int partition, int instances);

    [LoggerMessage(3, LogLevel.Information, "Gave back partition {Partition}")]
    public static partial void PartitionReleased(ILogger logger, int partition);

    [LoggerMessage(4, LogLevel.Warning, "Lost the lease of partition {Partition}; another host goes on with it")]
    public static partial void PartitionLost(ILogger logger, int partition);

    [LoggerMessage(15, LogLevel.Error, "Partition {Partition} does not work any more and is begun anew")]
    public static partial void PartitionBroken(ILogger logger, int partition, Exception? fault);

    [LoggerMessage(5, LogLevel.Warning, "Cannot {What} now, tries again in {Pause}")]
    public static partial void TriesAgain(ILogger logger, string what, TimeSpan pause, Exception fault);

    [LoggerMessage(6, LogLevel.Error, "Instance {Instance} cannot be run")]
    public static partial void InstanceBroken(ILogger logger, string instance, Exception fault);

    [LoggerMessage(7, LogLevel.Error, "Set aside message {MessageId} of queue {Queue} in the poison queue after {Deliveries} deliveries")]
    public static partial void MessagePoisoned(ILogger logger, string messageId, string queue, long deliveries, Exception fault);

    [LoggerMessage(8, LogLevel.Information, "Instance {Instance} of {Orchestrator} is {Status}")]
    public static partial void InstanceEnded(ILogger logger, string instance, string orchestrator, string status);

    [LoggerMessage(9, LogLevel.Warning, "Activity {Activity} (#{Id}) of instance {Instance} failed")]
    public static partial void ActivityFailed(ILogger logger, string activity, int id, string instance, Exception fault);

    [LoggerMessage(10, LogLevel.Error, "The balance of partitions failed and is tried again")]
    public static partial void BalanceFailed(ILogger logger, Exception fault);

    [LoggerMessage(11, LogLevel.Error, "The end of an activity of instance {Instance} could not be delivered; the activity runs again when the instance is loaded")]
    public static partial void DeliveryFailed(ILogger logger, string instance, Exception fault);

    [LoggerMessage(12, LogLevel.Error, "Unhealthy: {What}")]
    public static partial void Unhealthy(ILogger logger, string what);

    [LoggerMessage(13, LogLevel.Information, "Task hub {Hub} is healthy again")]
    public static partial void HealthyAgain(ILogger logger, string hub);

    [LoggerMessage(14, LogLevel.Warning, "Stopped without storage; other hosts take over when the leases have run out")]
    public static partial void LeftSilently(ILogger logger, Exception fault);
}
