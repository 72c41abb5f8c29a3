namespace LznPipeline.GpuJob.Jobs;

/// <summary>The job or its data is wrong, so that trying again without a change is hopeless.</summary>
internal sealed class BadInputException(string message, Exception? cause = null) : Exception(message, cause);
