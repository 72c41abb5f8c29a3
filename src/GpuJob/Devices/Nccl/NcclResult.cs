namespace LznPipeline.GpuJob.Devices.Nccl;

/// <summary>What a call of NCCL returns (<c>ncclResult_t</c>); the other values are failures that it explains itself.</summary>
internal enum NcclResult
{
    Succeeded = 0,

    /// <summary>The caller's fault, like the next.</summary>
    InvalidArgument = 4,

    InvalidUsage = 5,

    /// <summary>It waits for other ranks.</summary>
    InProgress = 7,
}
