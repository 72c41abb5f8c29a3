using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>A <see cref="CrashHost"/> at work. What it says is read all the time, so that it never waits for a reader.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _words = new();

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal int ExitCode => _process.ExitCode;

    /// <summary>The last lines that it wrote.</summary>
    internal string LastWords => string.Join('\n', _words);

    /// <param name="at">Number of the storage request to die at; 0: none.</param> <param name="when">"before" or "after" the answer.</param>
    internal static HostProcess Start(string connection, string hub, string name, int at = 0, string when = "never", int pollingMilliseconds = 20)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { typeof(CrashHost).Assembly.Location, connection, hub, Text(at), when, name, Text(pollingMilliseconds) })
            start.ArgumentList.Add(argument);
        return new HostProcess(Process.Start(start)!); // a new process
    }

    /// <summary>Waits until it has ended.</summary>
    /// <exception cref="TimeoutException">It has not.</exception>
    internal async Task WaitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The host has not ended within {patience}. Its last words:\n{LastWords}", late);
        }
    }

    /// <summary>Lets it end in order.</summary>
    internal void Release() => _process.StandardInput.Close();

    internal void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, Text(_process.Id)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill(); // nothing, if it has ended
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Hear(string? line)
    {
        const int Kept = 100;
        if (line is null)
            return; // its end
        _words.Enqueue(line);
        if (_words.Count > Kept)
            _words.TryDequeue(out _);
    }
}
