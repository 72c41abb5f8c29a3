using LznPipeline.Shared.Jobs;

namespace LznPipeline.Activities.Jobs;

/// <param name="Over">What was seen of the job: the new attempt takes the place of exactly that.</param>
public sealed record JobSubmission(JobRef Job, JobSighting Over);
