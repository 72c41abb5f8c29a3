using System.Text.Json;
using LznPipeline.Shared;

namespace LznPipeline.Cli.Hosting;

/// <summary>An exclusively opened file as a lock between processes: the system frees it even when its owner is killed.</summary>
internal static class LockFile
{
    internal static async Task<FileStream> TakeAsync(string path, CancellationToken stop)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    /// <summary>The lock, or null when another process has it.</summary>
    internal static FileStream? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);    // below .lzn, so it has a folder
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>What <c>lzn up</c> writes to <c>.lzn/up.json</c>, so that other commands find the pipeline that it runs.</summary>
/// <param name="ProcessId">Of <c>lzn up</c> itself.</param>
/// <param name="Ports">Taken again by the next <c>up</c>: jobs that outlive a killed host go on reporting to the same address.</param>
internal sealed record UpFile(int ProcessId, int HostId, int AzuriteId, Uri Url, string Storage, AzuritePorts Ports, DateTimeOffset StartedAt)
{
    private const string Program = "lzn";

    /// <summary>Whether the process that wrote it is still there.</summary>
    internal bool IsRunning => Processes.Find(ProcessId, Program) is not null;

    internal static UpFile? Read(string state)
    {
        try
        {
            return JsonSerializer.Deserialize<UpFile>(File.ReadAllText(PathIn(state)), LznJson.Options);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string state)
    {
        var aside = PathIn(state) + ".new";
        File.WriteAllText(aside, JsonSerializer.Serialize(this, LznJson.Readable));
        File.Move(aside, PathIn(state), overwrite: true);
    }

    private static string PathIn(string state) => Path.Combine(state, "up.json");
}
