using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>A message to an instance. It may arrive twice; the instance takes its event once.</summary>
/// <param name="ExecutionId">The execution it is meant for; null for whichever is current.</param>
/// <param name="Event">Null just wakes the instance: its record or history says what to do.</param>
internal sealed record ControlMessage(string InstanceId, string? ExecutionId = null, HistoryEvent? Event = null);
