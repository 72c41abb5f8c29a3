using Lzn.Durable.History;
using Lzn.Durable.Tracing;

namespace Lzn.Durable.Storage;

/// <summary>An activity that any host of the hub may run.</summary>
/// <param name="Trace">The span of the orchestration that called it.</param>
/// <param name="Returned">How often a host gave it back because it had no place for it; such deliveries are no failures.</param>
internal sealed record ActivityMessage(string InstanceId, string ExecutionId, TaskScheduled Task, TraceLink? Trace = null, int Returned = 0);
