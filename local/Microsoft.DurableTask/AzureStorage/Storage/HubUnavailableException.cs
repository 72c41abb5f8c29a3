namespace Lzn.Durable.Storage;

/// <summary>The storage account of a task hub cannot be used.</summary>
public sealed class HubUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
