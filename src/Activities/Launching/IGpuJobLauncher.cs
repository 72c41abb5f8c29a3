using LznPipeline.Shared.Jobs;

namespace LznPipeline.Activities.Launching;

/// <summary>Where GPU jobs run. Its word counts only for whether a process is there; what a job did, its own status says.</summary>
public interface IGpuJobLauncher
{
    /// <summary>How often a look at a job is worth its cost.</summary>
    TimeSpan PollEvery { get; }

    /// <summary>Starts <c>lzn-gpu</c> for one attempt of a job.</summary>
    /// <returns>A handle that outlives this process, or null when there is no room at present.</returns>
    Task<string?> LaunchAsync(JobLaunch launch, CancellationToken stop);

    Task<bool> IsAliveAsync(string handle, CancellationToken stop);

    /// <summary>Asks a process to save its work and end; nothing happens when it is gone.</summary>
    Task StopAsync(string handle, CancellationToken stop);

    /// <summary>The end of what a process wrote to its console, for a failure's text; empty when unknown.</summary>
    Task<string> LastWordsAsync(string handle, CancellationToken stop);
}

/// <param name="Verb">Of <c>lzn-gpu</c>.</param>
public sealed record JobLaunch(JobRef Job, string Verb, int Attempt)
{
    /// <summary>What <c>lzn-gpu</c> is called with.</summary>
    internal string[] Arguments => [Verb, "--job", Shared.Storage.BlobLayout.Job(Job.RunId, Job.Step), "--attempt", $"{Attempt}"];

    /// <summary>One name for one attempt; fits file names and container names.</summary>
    internal string Name => $"lzn-{Job.RunId}-{Job.Step}-{Attempt}";
}
