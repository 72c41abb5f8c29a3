using System.Diagnostics;
using LznPipeline.LocalHost.Settings;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>A worker process on a leash (leash.sh): it ends with this host, also when the host is killed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int KeptLines = 20;

    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromSeconds(2);

    private readonly Process _leash;
    private readonly Queue<string> _lastLines = new();
    private readonly ILogger _log;

    private Task _output = Task.CompletedTask;

    private WorkerProcess(Process leash, ILogger log) => (_leash, _log) = (leash, log);

    internal int Id { get; private set; }

    internal int ExitCode => _leash.ExitCode;

    /// <param name="stopLimit">How long it has to end once this host was killed.</param>
    /// <exception cref="HostStartException">There is no bash.</exception>
    internal static async Task<WorkerProcess> StartAsync(AppFolder app, Uri host, string workerId, TimeSpan stopLimit, ILogger log, CancellationToken stop)
    {
        var start = new ProcessStartInfo("bash", [
            Path.Combine(AppContext.BaseDirectory, "leash.sh"), "dotnet", app.WorkerAssembly, "--functions-uri", host.AbsoluteUri, "--functions-worker-id", workerId,
            "--functions-request-id", Guid.NewGuid().ToString(), "--functions-grpc-max-message-length", $"{RpcService.MaxMessageBytes}",
        ])
        {
            WorkingDirectory = app.Path,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in app.WorkerEnvironment)
            start.Environment[name] = value;
        start.Environment["LEASH_SECONDS"] = $"{Math.Ceiling(stopLimit.TotalSeconds)}";
        var worker = new WorkerProcess(Start(start), log);
        try
        {
            worker.Id = int.Parse(await worker._leash.StandardOutput.ReadLineAsync(stop) ?? string.Empty);
        }
        catch (Exception failed)
        {
            await worker.StopAsync(TimeSpan.Zero);
            worker.Dispose();
            stop.ThrowIfCancellationRequested();
            throw new HostStartException($"The worker did not start: {failed.Message}", failed);
        }

        worker._output = Task.WhenAll(worker.ForwardAsync(worker._leash.StandardOutput), worker.ForwardAsync(worker._leash.StandardError));
        return worker;
    }

    /// <summary>The last lines that an ended worker printed.</summary>
    internal async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_output, Task.Delay(LastWordsPatience));     // a process that the worker left behind may hold its output open
        lock (_lastLines)
            return string.Join(Environment.NewLine, _lastLines);
    }

    /// <summary>Waits until it has ended.</summary>
    internal Task WaitAsync(CancellationToken stop) => _leash.WaitForExitAsync(stop);

    /// <summary>Asks it to end (SIGTERM), waits, and kills it when the time is over. One that has ended already is left in peace.</summary>
    internal async Task StopAsync(TimeSpan patience)
    {
        _leash.StandardInput.Close();
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _leash.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _leash.Kill(entireProcessTree: true);
            await _leash.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _leash.Dispose();

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;       // without a shell it is never null
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new HostStartException($"The worker cannot be started, for bash does not start: {missing.Message}. Install bash, and put it on the PATH.", missing);
        }
    }

    private async Task ForwardAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lastLines)
            {
                if (_lastLines.Count == KeptLines)
                    _lastLines.Dequeue();
                _lastLines.Enqueue(line);
            }

            _log.WorkerSaid(line);
        }
    }
}
