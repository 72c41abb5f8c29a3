using LznPipeline.Shared.Options;
using Microsoft.Extensions.Configuration;

namespace LznPipeline.Activities.Options;

/// <summary>Settings of the pipeline itself, section <c>Lzn</c> (as environment variables <c>Lzn__Launcher</c> and so on). Checked when the app starts.</summary>
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

    public DockerOptions Docker { get; init; } = new();

    public ContainerAppOptions ContainerApp { get; init; } = new();

    /// <summary>The section's settings; what is wrong with them, a misspelt name included, goes to <paramref name="problems"/>.</summary>
    internal static LznOptions Read(IConfigurationSection section, Problems problems)
    {
        string[] names = [.. typeof(LznOptions).GetProperties().Select(property => property.Name)];
        foreach (var given in section.GetChildren().Where(given => given.Key != HostSection))
            problems.Unless(names.Contains(given.Key, StringComparer.OrdinalIgnoreCase), $"{Section}:{given.Key}", given.Value, $"no such setting. The settings are {string.Join(", ", names)}");
        var options = section.Get<LznOptions>() ?? new LznOptions();
        options.Validate(problems);
        return options;
    }

    private void Validate(Problems problems)
    {
        problems.Unless(!string.IsNullOrWhiteSpace(StateFolder), "Lzn:StateFolder", StateFolder, "a folder that can be written");
        problems.Unless(MaxLocalJobs is >= 1 and <= 64, "Lzn:MaxLocalJobs", MaxLocalJobs, "1 to 64");
        problems.Unless(PartsAtOnce is >= 1 and <= 256, "Lzn:PartsAtOnce", PartsAtOnce, "1 to 256");
        problems.Unless(HeartbeatLimit >= TimeSpan.FromSeconds(20), "Lzn:HeartbeatLimit", HeartbeatLimit, "00:00:20 or more, twice the interval of a job's reports");
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
