namespace LznPipeline.GpuJob.Jobs;

/// <summary>The job was asked to stop (SIGTERM), and has saved what is worth saving.</summary>
internal sealed class JobInterruptedException(string message) : Exception(message);
