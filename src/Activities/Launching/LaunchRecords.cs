using System.Text.Json;
using LznPipeline.Shared;

namespace LznPipeline.Activities.Launching;

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
