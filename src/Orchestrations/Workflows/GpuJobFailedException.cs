namespace LznPipeline.Orchestrations.Workflows;

/// <summary>A GPU job cannot be brought to its end.</summary>
public sealed class GpuJobFailedException(string message) : Exception(message);
