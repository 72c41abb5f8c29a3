namespace Lzn.Durable.Storage;

/// <summary>This host does not run the partition any more; what was not committed is another host's to do.</summary>
#pragma warning disable CA1064 // never leaves the engine
internal sealed class PartitionLostException() : Exception("The partition has moved to another host.");
#pragma warning restore CA1064
