using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace LznPipeline.Watchdog;

/// <summary>A program that ends with this one, even when this one is killed (see watchdog.sh), and whose output is read line by line.</summary>
public sealed class WatchedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>A process that the program left behind may hold its output open.</summary>
    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromSeconds(2);

    private readonly Process _watchdog;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private Task _output = Task.CompletedTask;

    private WatchedProcess(Process watchdog) => _watchdog = watchdog;

    /// <summary>The program's own process id.</summary>
    public int Id { get; private set; }

    /// <summary>Of a program that has ended.</summary>
    public int ExitCode => _watchdog.ExitCode;

    /// <summary>Standard output and error, a line each, until the program has ended.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <param name="program">A file or a name on the PATH. One that is not there ends with the shell's code for that, 127.</param>
    /// <param name="environment">
    /// Added to this process's own; a null value removes a variable. <c>WATCHDOG_SECONDS</c>: how long it has to end once this process was killed.
    /// </param>
    /// <exception cref="InvalidOperationException">There is no bash, or it did not start the program.</exception>
    public static async Task<WatchedProcess> StartAsync(
        string program, IEnumerable<string> arguments, string folder, IEnumerable<KeyValuePair<string, string?>> environment, CancellationToken stop)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "watchdog.sh"), program, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var started = new WatchedProcess(Start(start));
        try
        {
            var first = await started._watchdog.StandardOutput.ReadLineAsync(stop);
            started.Id = int.TryParse(first, CultureInfo.InvariantCulture, out var id)
                ? id
                : throw new InvalidOperationException($"bash did not start '{program}': {first ?? "it said nothing"}.");
        }
        catch
        {
            await started.DisposeAsync(TimeSpan.Zero);
            throw;
        }

        started._output = started.PumpAsync();
        return started;
    }

    /// <summary>Asks the program to end (SIGTERM), waits, and kills it if it does not. One that has ended already is left in peace.</summary>
    /// <param name="patience">40 s if left out.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(TimeSpan? patience = null)
    {
        _watchdog.StandardInput.Close();
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        try
        {
            return await WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _watchdog.Kill(entireProcessTree: true);
            return await WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits for the program to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken stop)
    {
        await _watchdog.WaitForExitAsync(stop);
        await Task.WhenAny(_output, Task.Delay(LastWordsPatience, stop));
        _lines.Writer.TryComplete();
        return _watchdog.ExitCode;
    }

    public ValueTask DisposeAsync() => DisposeAsync(Patience);

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;       // without a shell it is never null
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"bash does not start: {missing.Message}. Install bash, and put it on the PATH.", missing);
        }
    }

    private async ValueTask DisposeAsync(TimeSpan patience)
    {
        await StopAsync(patience);
        _watchdog.Dispose();
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(CopyAsync(_watchdog.StandardOutput), CopyAsync(_watchdog.StandardError));
        _lines.Writer.TryComplete();
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync(CancellationToken.None) is { } line)
            _lines.Writer.TryWrite(line);
    }
}
