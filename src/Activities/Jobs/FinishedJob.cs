using LznPipeline.Shared.Jobs;

namespace LznPipeline.Activities.Jobs;

/// <summary>A job whose status says done, and the attempt whose result counts.</summary>
public sealed record FinishedJob(JobRef Job, int Attempt);
