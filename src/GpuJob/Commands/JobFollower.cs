using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Commands;

/// <summary>Takes part in a job that another process holds, rank 0 of the group: computes, but reports and writes nothing but its console.</summary>
internal sealed class JobFollower(ArtifactStore store, JobSpec job, GroupLaunch launch, TextWriter console)
{
    /// <param name="graceful">Cancelled by SIGTERM.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal async Task<int> RunAsync(CancellationToken graceful)
    {
        var log = new ConsoleLog(console);
        log.Follows(job.Verb, job.RunId, job.Step, launch.Topology.Rank);
        var end = await EndAsync(new JobSurroundings(store, log, graceful, CancellationToken.None) { Launch = launch });
        log.Ended(end);
        return end.ExitCode;
    }

    private async Task<JobEnd> EndAsync(JobSurroundings surroundings)
    {
        try
        {
            if (job is not TrainJob train)
                throw new BadInputException($"Only training is shared by processes, not {job.Verb}.");
            await TrainModel.FollowAsync(train, surroundings);
            return JobEnd.Of(null);
        }
        catch (Exception failed)
        {
            return JobEnd.Of(failed);
        }
    }
}
