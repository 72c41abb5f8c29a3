using System.Diagnostics;
using System.Text.Json;
using LznPipeline.Shared;
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

/// <summary>What was launched on this machine, one small file each. They outlive the app, as the processes do.</summary>
internal sealed class LaunchRecords(string folder)
{
    /// <summary>Records whose process is still there. Those of processes that ended a day ago are cleared away.</summary>
    internal IReadOnlyList<LaunchRecord> Alive()
    {
        var alive = new List<LaunchRecord>();
        foreach (var file in Files())
        {
            if (Read(file) is { } record && record.Process.IsAlive)
                alive.Add(record);
            else if (File.GetLastWriteTimeUtc(file) < TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1))
                File.Delete(file);
        }

        return alive;
    }

    internal LaunchRecord? Find(string handle) => Files().Select(Read).FirstOrDefault(record => record?.Process.ToString() == handle);

    internal async Task AddAsync(LaunchRecord record, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, record.Launch.Name + ".json"), JsonSerializer.Serialize(record, LznJson.Readable), stop);
    }

    private string[] Files() => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];

    private static LaunchRecord? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LaunchRecord>(File.ReadAllText(file), LznJson.Options);
        }
        catch (Exception half) when (half is JsonException or IOException)
        {
            return null;        // the app was killed while it wrote this
        }
    }
}

internal sealed record LaunchRecord(JobLaunch Launch, LocalProcess Process);

/// <summary>The trace that a job belongs to, in the variables by which OpenTelemetry hands a trace to another program.</summary>
internal static class JobTrace
{
    /// <summary>Empty when nothing is traced.</summary>
    internal static IReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var variables = new Dictionary<string, string>();
            if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } current)
                return variables;
            variables["TRACEPARENT"] = id;
            if (current.TraceStateString is { Length: > 0 } state)
                variables["TRACESTATE"] = state;
            return variables;
        }
    }
}
