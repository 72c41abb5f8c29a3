using LznPipeline.Shared.Options;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;

namespace LznPipeline.Activities.Options;

/// <summary>
/// Settings of the pipeline itself, section <c>Lzn</c> (as environment variables <c>Lzn__Launcher</c> and so on). Checked when the app starts.
/// </summary>
public sealed record LznOptions
{
    public const string Section = "Lzn";

    /// <summary>Below the same section, settings of a local functions host.</summary>
    private const string HostSection = "Functions";

    /// <summary>Where GPU jobs run.</summary>
    public LauncherKind Launcher { get; init; } = LauncherKind.Process;

    /// <summary>The program <c>lzn-gpu</c> (or its .dll) for the process launcher. Left out: beside the app, or where this repository builds it.</summary>
    public string? GpuJob { get; init; }

    /// <summary>Folder for logs and records of local processes.</summary>
    public string StateFolder { get; init; } = Path.Combine(Directory.GetCurrentDirectory(), ".lzn");

    /// <summary>Local GPU jobs at once; others wait their turn as pending.</summary>
    public int MaxLocalJobs { get; init; } = 2;

    /// <summary>Embedding parts of one run at once.</summary>
    public int PartsAtOnce { get; init; } = 4;

    /// <summary>A running job that has not reported for so long is lost. Jobs report at least every 10 s.</summary>
    public TimeSpan HeartbeatLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A launched job that has not begun after so long is lost; long enough to pull an image.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Where the sources of requests may lie: folders of the machines that read them, and <c>blob:</c> with the beginning of names in the container.
    /// Left out: the container; in Development also what lies below the home folder.
    /// </summary>
    public string[]? Sources { get; init; }

    /// <summary>Whether requests may name a feature network, which is a program that runs with the rights of the job.</summary>
    public bool AllowTorchScript { get; init; }

    public DockerOptions Docker { get; init; } = new();

    public ContainerAppOptions ContainerApp { get; init; } = new();

    internal IReadOnlyList<string> SourcesOrDefault =>
        Sources ?? (IsDevelopment && Home.Length > 0 ? [SourceAddress.BlobPrefix, Home] : [SourceAddress.BlobPrefix]);

    /// <summary>The functions host runs for its developer, on one machine.</summary>
    private bool IsDevelopment { get; init; }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The settings of the section; what is wrong with them, a misspelt name included, goes to <paramref name="problems"/>.</summary>
    internal static LznOptions Read(IConfiguration configuration, Problems problems)
    {
        var section = configuration.GetSection(Section);
        string[] names = [.. typeof(LznOptions).GetProperties().Select(property => property.Name)];
        foreach (var given in section.GetChildren().Where(given => given.Key != HostSection))
            problems.Unless(names.Contains(given.Key, StringComparer.OrdinalIgnoreCase), $"{Section}:{given.Key}", given.Value,
                $"no such setting. The settings are {string.Join(", ", names)}");
        problems.Unless(section[nameof(Sources)] is null, "Lzn:Sources", section[nameof(Sources)], "a list: Lzn__Sources__0, Lzn__Sources__1 and so on");
        var options = (section.Get<LznOptions>() ?? new LznOptions()) with { IsDevelopment = configuration["AZURE_FUNCTIONS_ENVIRONMENT"] == "Development" };
        options.Validate(problems);
        return options;
    }

    private void Validate(Problems problems)
    {
        problems.Unless(!string.IsNullOrWhiteSpace(StateFolder), "Lzn:StateFolder", StateFolder, "a folder that can be written");
        foreach (var place in Sources?.Where(place => SourceAddress.BlobOf(place) is null && !Path.IsPathFullyQualified(place)) ?? [])
            problems.Unless(false, "Lzn:Sources", place, "absolute paths of folders, and blob: with the beginning of names in the container");
        problems.Unless(MaxLocalJobs is >= 1 and <= 64, "Lzn:MaxLocalJobs", MaxLocalJobs, "1 to 64");
        problems.Unless(PartsAtOnce is >= 1 and <= 256, "Lzn:PartsAtOnce", PartsAtOnce, "1 to 256");
        problems.Unless(HeartbeatLimit >= TimeSpan.FromSeconds(20), "Lzn:HeartbeatLimit", HeartbeatLimit,
            "00:00:20 or more, twice the interval of a job's reports");
        problems.Unless(StartLimit >= TimeSpan.FromSeconds(20), "Lzn:StartLimit", StartLimit, "00:00:20 or more");
        if (Launcher is LauncherKind.Docker)
            Docker.Validate(problems);
        if (Launcher is LauncherKind.ContainerApp)
            ContainerApp.Validate(problems);
    }
}

public enum LauncherKind
{
    /// <summary>A process of its own on this machine.</summary>
    Process,

    /// <summary>A container on this machine.</summary>
    Docker,

    /// <summary>An execution of an Azure Container Apps job.</summary>
    ContainerApp,
}

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

/// <summary>The address of the storage account, as the Functions host is given it.</summary>
internal static class StorageSetting
{
    /// <summary>A connection string, or the blob service's URL where the host uses a managed identity.</summary>
    /// <exception cref="OptionsException">Neither is set.</exception>
    internal static string Read(IConfiguration configuration) =>
        configuration[StoreAddress.Setting] is { Length: > 0 } connection ? connection
        : configuration[$"{StoreAddress.Setting}:blobServiceUri"] is { Length: > 0 } service ? service
        : configuration[$"{StoreAddress.Setting}:accountName"] is { Length: > 0 } account ? $"https://{account}.blob.core.windows.net"
        : throw new OptionsException(
            StoreAddress.Setting, null, $"a storage connection string, or a URL in {StoreAddress.Setting}__blobServiceUri; './lzn up' sets it for local runs");
}
