using LznPipeline.Activities.Launching;
using LznPipeline.Activities.Options;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LznPipeline.Activities.Tests.Launching;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ProcessLauncherTests : IDisposable
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-launch-");
    private readonly List<string> _handles = [];
    private int _launchers;

    public void Dispose()
    {
        foreach (var process in _handles.Select(LocalProcess.Parse).OfType<LocalProcess>().Where(process => process.IsAlive))
            System.Diagnostics.Process.GetProcessById(process.Id).Kill();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Launch_Program_GetsVerbJobAndAttemptAndWritesItsConsoleToAFile()
    {
        using var launcher = Launcher("echo \"$@\"; echo no such tensor >&2");

        var handle = await LaunchAsync(launcher, attempt: 2);

        await Eventually.BecomesAsync(
            () => launcher.LastWordsAsync(handle!, Stop),
            words => words == "train --job runs/run/train-1/job.json --attempt 2\nno such tensor");
        await Eventually.BecomesAsync(() => launcher.IsAliveAsync(handle!, Stop), alive => !alive);
    }

    [Fact]
    public async Task Launch_FromATracedActivity_HandsTheTraceOn()
    {
        using var spans = new SpanRecorder();
        using var launcher = Launcher("echo \"$TRACEPARENT\"");

        var handle = await LaunchAsync(launcher, attempt: 1);

        await Eventually.BecomesAsync(() => launcher.LastWordsAsync(handle!, Stop), words => words == spans.Root.Id);
    }

    [Fact]
    public async Task Launch_SameAttemptTwice_IsOneProcess()
    {
        using var launcher = Launcher("exec sleep 60");

        var first = await LaunchAsync(launcher, attempt: 1);

        Assert.NotNull(first);
        Assert.Equal(first, await LaunchAsync(launcher, attempt: 1));
    }

    [Fact]
    public async Task Launch_NoRoom_WaitsUntilAnotherEndsAlsoOneOfAnEarlierApp()
    {
        string? first;
        using (var earlier = Launcher("exec sleep 60"))
            first = await LaunchAsync(earlier, attempt: 1);
        using var launcher = Launcher("exec sleep 60");

        Assert.Null(await LaunchAsync(launcher, attempt: 2));
        await launcher.StopAsync(first!, Stop);

        await Eventually.BecomesAsync(() => LaunchAsync(launcher, attempt: 2), handle => handle is not null);
    }

    [Fact]
    public async Task Stop_AppEndsInOrder_JobsAreAskedAndWaitedForAndNoneIsStarted()
    {
        using var launcher = Launcher("trap 'echo saved; exit 143' TERM; echo ready; while :; do sleep 0.05; done");
        var handle = await LaunchAsync(launcher, attempt: 1);
        await Eventually.BecomesAsync(() => launcher.LastWordsAsync(handle!, Stop), words => words == "ready");

        await launcher.StopAsync(Stop);

        Assert.False(await launcher.IsAliveAsync(handle!, Stop));
        Assert.Equal("ready\nsaved", await launcher.LastWordsAsync(handle!, Stop));
        Assert.Null(await LaunchAsync(launcher, attempt: 2));
    }

    [Fact]
    public void IsAlive_NumberOfAnotherProcess_IsNotMistaken()
    {
        var self = LocalProcess.Find(Environment.ProcessId)!;

        Assert.True(LocalProcess.Parse(self.ToString())!.IsAlive);
        Assert.False((self with { Started = self.Started - 1 }).IsAlive);
        Assert.Null(LocalProcess.Parse("nonsense"));
    }

    private async Task<string?> LaunchAsync(ProcessLauncher launcher, int attempt)
    {
        var handle = await launcher.LaunchAsync(new JobLaunch(new JobRef("run", "train-1"), "train", attempt), Stop);
        if (handle is not null)
            _handles.Add(handle);
        return handle;
    }

    private ProcessLauncher Launcher(string script)
    {
        var program = Path.Combine(_folder.FullName, $"lzn-gpu-{_launchers++}");      // never written again: a shell reads its script while it runs
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(StoreAddress.Setting, (string?)"folder:/nowhere")]).Build();
        return new ProcessLauncher(
            new LznOptions { GpuJob = program, StateFolder = _folder.FullName, MaxLocalJobs = 1 }, settings, NullLogger<ProcessLauncher>.Instance);
    }
}
