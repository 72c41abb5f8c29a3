namespace Microsoft.DurableTask.Client;

/// <param name="Recursive">Whether the instance's sub-orchestrations are purged with it.</param>
public record PurgeInstanceOptions(bool Recursive = false);
