using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>Questions about an instance's status.</summary>
internal static class InstanceStates
{
#pragma warning disable CS0618 // statuses that nothing here sets can still stand in a hub written by another worker
    public static bool IsFinished(this OrchestrationMetadata instance) => instance.IsCompleted || instance.RuntimeStatus == OrchestrationRuntimeStatus.Canceled;
#pragma warning restore CS0618

    public static bool Is(this OrchestrationMetadata instance, OrchestrationRuntimeStatus status) => instance.RuntimeStatus == status;
}
