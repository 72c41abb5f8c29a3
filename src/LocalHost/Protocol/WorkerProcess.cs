using System.Diagnostics;
using LznPipeline.LocalHost.Settings;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>A worker process on a leash (leash.sh): it ends with this host, also when the host is killed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int KeptLines = 20;

    private readonly Process _leash;
    private readonly Queue<string> _lastLines = new();
    private readonly ILogger _log;

    private WorkerProcess(Process leash, ILogger log) => (_leash, _log) = (leash, log);

    internal int Id { get; private set; }

    internal int ExitCode => _leash.ExitCode;

    /// <summary>The last lines that it printed.</summary>
    internal string LastWords
    {
        get
        {
            lock (_lastLines)
                return string.Join(Environment.NewLine, _lastLines);
        }
    }

    internal static async Task<WorkerProcess> StartAsync(AppFolder app, Uri host, string workerId, ILogger log, CancellationToken stop)
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
        var leash = Process.Start(start) ?? throw new HostStartException("bash did not start, so the worker cannot be run.");
        var worker = new WorkerProcess(leash, log);
        worker.Id = int.TryParse(await leash.StandardOutput.ReadLineAsync(stop), out var id) ? id : throw new HostStartException("The worker did not start: bash could not run 'dotnet'.");
        _ = worker.ForwardAsync(leash.StandardOutput);
        _ = worker.ForwardAsync(leash.StandardError);
        return worker;
    }

    /// <summary>Waits until it ends by itself.</summary>
    internal Task WaitAsync(CancellationToken stop) => _leash.WaitForExitAsync(stop);

    /// <summary>Asks it to end (SIGTERM), waits, and kills it when the time is over.</summary>
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
