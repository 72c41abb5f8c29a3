using System.Collections.Concurrent;
using LznPipeline.Activities.Launching;

namespace LznPipeline.Activities.Tests;

/// <summary>Starts nothing, and remembers what it was asked.</summary>
internal sealed class FakeLauncher : IGpuJobLauncher
{
    private int _count;

    internal ConcurrentQueue<JobLaunch> Launched { get; } = new();

    internal ConcurrentQueue<string> Stopped { get; } = new();

    internal ConcurrentDictionary<string, bool> Gone { get; } = new();

    internal bool HasRoom { get; set; } = true;

    public TimeSpan PollEvery { get; } = TimeSpan.FromSeconds(1);

    public Task<string?> LaunchAsync(JobLaunch launch, CancellationToken stop)
    {
        if (!HasRoom)
            return Task.FromResult<string?>(null);
        Launched.Enqueue(launch);
        return Task.FromResult<string?>($"process-{Interlocked.Increment(ref _count)}");
    }

    public Task<bool> IsAliveAsync(string handle, CancellationToken stop) => Task.FromResult(!Gone.ContainsKey(handle));

    public Task StopAsync(string handle, CancellationToken stop)
    {
        Stopped.Enqueue(handle);
        return Task.CompletedTask;
    }

    public Task<string> LastWordsAsync(string handle, CancellationToken stop) => Task.FromResult("out of memory");
}
