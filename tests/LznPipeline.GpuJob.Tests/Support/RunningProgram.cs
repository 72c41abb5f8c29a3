using System.Diagnostics;
using System.Text;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A program that runs as a process of its own, and what it has said so far.</summary>
internal sealed class RunningProgram : IDisposable
{
    /// <summary>Far more than any program of these tests needs.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    /// <summary>128 and the number of SIGKILL.</summary>
    private const int KilledExitCode = 137;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Processes that it started, by id.</summary>
    internal IReadOnlyList<int> Children => [.. Directory.GetDirectories($"/proc/{_process.Id}/task").SelectMany(ChildrenOf).Order()];

    internal static RunningProgram Start(ProcessStartInfo start, params (string Name, string Value)[] environment)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new RunningProgram(Process.Start(start)!);
    }

    /// <returns>Its exit code.</returns>
    internal async Task<int> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(LongestLife);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It did not end within {LongestLife.TotalMinutes} minutes:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Kills it after some time, unless it ends before.</summary>
    /// <returns>Whether it was killed.</returns>
    internal async Task<bool> IsKilledAfterAsync(TimeSpan time)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(time);
        }
        catch (TimeoutException)
        {
            _process.Kill();        // SIGKILL
        }

        return await EndAsync() == KilledExitCode;
    }

    internal async Task SucceedsAsync()
    {
        var exit = await EndAsync();
        Assert.True(exit == 0, $"It ended with exit code {exit}:\n{Output}");
    }

    /// <param name="signal">Such as <c>TERM</c>.</param>
    internal Task SignalAsync(string signal) => SignalAsync(_process.Id, signal);

    internal static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    internal static bool IsAlive(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Add(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    private static IEnumerable<int> ChildrenOf(string task) =>
        File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, provider: null));
}
