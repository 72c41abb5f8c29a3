namespace Microsoft.DurableTask;

/// <summary>What a registration is found by.</summary>
internal readonly record struct TaskVersionKey(TaskName Name, TaskVersion Version);
