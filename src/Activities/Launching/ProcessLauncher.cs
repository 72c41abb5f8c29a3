using System.Diagnostics;
using System.Globalization;
using LznPipeline.Activities.Options;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Launching;

/// <summary>Runs each job in a process of its own on this machine, in a session of its own: it outlives the app when that is killed.</summary>
/// <remarks>
/// When the app stops in an orderly way, its jobs are asked to save their work; the run goes on with them at the next start. What was launched stands in
/// <see cref="LaunchRecords"/>, so the next app counts jobs that outlived the last one.
/// </remarks>
internal sealed class ProcessLauncher(LznOptions options, IConfiguration configuration, ILogger<ProcessLauncher> log)
    : IGpuJobLauncher, IHostedService, IDisposable
{
    private const int LastWordsLength = 1000;

    /// <summary>How long an orderly stop waits for checkpoints; below the 30 s that a host gives its services.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _oneLaunch = new(1);
    private readonly LaunchRecords _records = new(Path.Combine(options.StateFolder, "jobs"));
    private volatile bool _stopping;

    public TimeSpan PollEvery { get; } = TimeSpan.FromSeconds(2);

    public async Task<string?> LaunchAsync(JobLaunch launch, CancellationToken stop)
    {
        await _oneLaunch.WaitAsync(stop);
        try
        {
            var alive = _records.Alive();
            if (alive.FirstOrDefault(record => record.Launch == launch) is { } earlier)
                return earlier.Process.ToString();
            if (_stopping || alive.Count >= options.MaxLocalJobs)
                return null;
            var process = Start(launch);
            await _records.AddAsync(new LaunchRecord(launch, process), stop);
            return process.ToString();
        }
        finally
        {
            _oneLaunch.Release();
        }
    }

    public Task<bool> IsAliveAsync(string handle, CancellationToken stop) => Task.FromResult(LocalProcess.Parse(handle)?.IsAlive == true);

    public Task StopAsync(string handle, CancellationToken stop) => LocalProcess.Parse(handle)?.AskToStopAsync(stop) ?? Task.CompletedTask;

    public async Task<string> LastWordsAsync(string handle, CancellationToken stop)
    {
        if (_records.Find(handle) is not { } record || !File.Exists(ConsoleOf(record.Launch)))
            return string.Empty;
        var text = (await File.ReadAllTextAsync(ConsoleOf(record.Launch), stop)).Trim();
        return text.Length <= LastWordsLength ? text : "…" + text[^LastWordsLength..];
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var alive = _records.Alive();
        foreach (var (launch, process) in alive)
        {
            log.AskedToStop(process.ToString(), launch.Job.Step, launch.Job.RunId);
            await process.AskToStopAsync(CancellationToken.None);
        }

        var begin = TimeProvider.System.GetTimestamp();
        while (alive.Any(record => record.Process.IsAlive)
            && TimeProvider.System.GetElapsedTime(begin) < StopPatience
            && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
    }

    public void Dispose() => _oneLaunch.Dispose();

    private string ConsoleOf(JobLaunch launch) => Path.Combine(options.StateFolder, "logs", $"{launch.Name}.txt");

    /// <summary>The shell sends the output to a file, which needs no reader; then setsid becomes the job, so the process id stays the same.</summary>
    private LocalProcess Start(JobLaunch launch)
    {
        var console = ConsoleOf(launch);
        Directory.CreateDirectory(Path.GetDirectoryName(console)!);     // it is below the state folder
        var program = GpuJobProgram.Find(options.GpuJob)
            ?? throw new FileNotFoundException("The program lzn-gpu is gone; it was there when the app started.", options.GpuJob);
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec setsid \"$@\" >>\"$LZN_CONSOLE\" 2>&1 </dev/null", "sh", .. GpuJobProgram.Command(program), .. launch.Arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = Directory.GetCurrentDirectory(),
            Environment = { [StoreAddress.Setting] = StorageSetting.Read(configuration), ["LZN_CONSOLE"] = console },
        };
        foreach (var (name, value) in JobTrace.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start.");
        return LocalProcess.Find(process.Id) ?? new LocalProcess(process.Id, Started: -1);      // ended already: a handle that is never alive
    }
}

/// <summary>A process of this machine, named so that another one that got its number later is not mistaken for it.</summary>
/// <param name="Started">Clock ticks from boot to its start, field 22 of <c>/proc/PID/stat</c>.</param>
internal sealed record LocalProcess(int Id, long Started)
{
    private const int StateField = 3;
    private const int StartField = 22;

    /// <summary>The handle: <c>PID:STARTED</c>.</summary>
    public override string ToString() => $"{Id}:{Started}";

    internal static LocalProcess? Parse(string handle) =>
        handle.Split(':') is [var id, var started]
        && int.TryParse(id, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(started, CultureInfo.InvariantCulture, out var ticks)
            ? new LocalProcess(number, ticks)
            : null;

    /// <summary>The process that has this number now; null when there is none, or only what is left of one until its parent takes notice.</summary>
    internal static LocalProcess? Find(int id)
    {
        try
        {
            // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new LocalProcess(id, long.Parse(fields[StartField - StateField], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal bool IsAlive => Find(Id) == this;

    /// <summary>SIGTERM: a GPU job saves a checkpoint and ends.</summary>
    internal async Task AskToStopAsync(CancellationToken stop)
    {
        if (!IsAlive)
            return;
        using var kill = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "kill -s TERM \"$0\" 2>/dev/null", $"{Id}"]) { UseShellExecute = false });
        await kill!.WaitForExitAsync(stop);     // null only when a running process is reused, which the shell never is
    }
}

/// <summary>Where the program <c>lzn-gpu</c> lies, and how it is called.</summary>
internal static class GpuJobProgram
{
    private const string Name = "lzn-gpu";

    /// <summary>The program that the setting names; without it, one beside the app or in the neighbouring project's output. Null when there is none.</summary>
    internal static string? Find(string? setting) => setting is not null
        ? Path.GetFullPath(setting) is var named && File.Exists(named) ? named : null
        : Candidates().FirstOrDefault(File.Exists);

    /// <summary>The words that start it, such as <c>dotnet lzn-gpu.dll</c>.</summary>
    internal static string[] Command(string program) => program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];

    private static IEnumerable<string> Candidates()
    {
        var own = AppContext.BaseDirectory;
        yield return Path.Combine(own, Name);
        yield return Path.Combine(own.Replace("/Orchestrations/", "/GpuJob/", StringComparison.Ordinal), Name);
    }
}
