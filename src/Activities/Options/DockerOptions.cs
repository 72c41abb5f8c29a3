using LznPipeline.Shared.Options;

namespace LznPipeline.Activities.Options;

/// <summary>Settings of the docker launcher, section <c>Lzn:Docker</c>.</summary>
public sealed record DockerOptions
{
    /// <summary>The image built from <c>infra/gpu-job.Dockerfile</c>.</summary>
    public string Image { get; init; } = "lzn-gpu";

    /// <summary>Value of docker's <c>--gpus</c>, such as <c>all</c>; empty for none.</summary>
    public string Gpus { get; init; } = "all";

    /// <summary>Value of docker's <c>--network</c>; <c>host</c> lets the container reach Azurite on this machine.</summary>
    public string Network { get; init; } = "host";

    /// <summary>A folder of images that containers see under the same path, read-only; empty for none.</summary>
    public string DataFolder { get; init; } = "";

    internal void Validate(Problems problems) => problems.Unless(!string.IsNullOrWhiteSpace(Image), "Lzn:Docker:Image", Image, "the name of an image");
}
