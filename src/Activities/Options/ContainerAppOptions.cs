using LznPipeline.Shared.Options;

namespace LznPipeline.Activities.Options;

/// <summary>Settings of the Azure Container Apps launcher, section <c>Lzn:ContainerApp</c>. <c>infra/main.bicep</c> makes the job and sets them.</summary>
public sealed record ContainerAppOptions
{
    public string SubscriptionId { get; init; } = "";

    public string ResourceGroup { get; init; } = "";

    /// <summary>Name of the Container Apps job.</summary>
    public string Job { get; init; } = "";

    /// <summary>The resource manager; other clouds have others.</summary>
    public Uri Endpoint { get; init; } = new("https://management.azure.com/");

    internal void Validate(Problems problems)
    {
        problems.Unless(Guid.TryParse(SubscriptionId, out _), "Lzn:ContainerApp:SubscriptionId", SubscriptionId, "the subscription's id, a GUID");
        problems.Unless(ResourceGroup.Length > 0, "Lzn:ContainerApp:ResourceGroup", ResourceGroup, "the resource group of the job");
        problems.Unless(Job.Length > 0, "Lzn:ContainerApp:Job", Job, "the name of the Container Apps job");
    }
}
