namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>The group has failed, and with it the job. The message begins with the error of the rank that failed first.</summary>
internal sealed class RankFailedException(RankFailure failure) : Exception(failure.Message)
{
    internal RankFailure Failure => failure;
}
