using System.Diagnostics;
using System.Threading.Channels;

namespace LznPipeline.Cli.Hosting;

/// <summary>A program that ends with this one, even when this one is killed (see leash.sh), and whose output is read line by line.</summary>
public sealed class LeashedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Process _leash;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _output;

    private LeashedProcess(Process leash, int id)
    {
        _leash = leash;
        Id = id;
        _output = PumpAsync();
    }

    /// <summary>The program's own process id.</summary>
    public int Id { get; }

    /// <summary>Standard output and error, a line each, until the program ends.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <param name="program">A file or a name on the PATH.</param>
    /// <param name="environment">Added to this process's own; a null value removes a variable.</param>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static async Task<LeashedProcess> StartAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?> environment, CancellationToken stop)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "leash.sh"), program, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var leash = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var id = await leash.StandardOutput.ReadLineAsync(stop);
        return new LeashedProcess(leash, int.Parse(id ?? throw new InvalidOperationException($"'{program}' did not start."), provider: null));
    }

    /// <summary>Asks the program to end (SIGTERM), waits, and kills it if it does not.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _leash.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            return await WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _leash.Kill(entireProcessTree: true);
            return await WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits for the program to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken stop)
    {
        await _leash.WaitForExitAsync(stop);
        await _output.WaitAsync(stop);
        return _leash.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _leash.Dispose();
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(CopyAsync(_leash.StandardOutput), CopyAsync(_leash.StandardError));
        _lines.Writer.Complete();
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync(CancellationToken.None) is { } line)
            _lines.Writer.TryWrite(line);
    }
}
