namespace LznPipeline.GpuJob.Jobs;

/// <summary>Somebody took the job away from this attempt. It must stop at once and publish nothing.</summary>
internal sealed class JobFencedException(string message) : Exception(message);
