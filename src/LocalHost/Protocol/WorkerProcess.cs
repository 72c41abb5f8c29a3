using LznPipeline.Watchdog;
using LznPipeline.LocalHost.Settings;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>The process of a worker, which ends with this host, also when the host is killed. What it prints goes to the log.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int KeptLines = 20;

    private readonly WatchedProcess _process;
    private readonly Task<Queue<string>> _lastLines;

    private WorkerProcess(WatchedProcess process, ILogger log) => (_process, _lastLines) = (process, ListenAsync(process, log));

    internal int Id => _process.Id;

    internal int ExitCode => _process.ExitCode;

    /// <param name="stopLimit">How long it has to end once this host was killed.</param>
    /// <exception cref="HostStartException">There is no bash.</exception>
    internal static async Task<WorkerProcess> StartAsync(AppFolder app, Uri host, string workerId, TimeSpan stopLimit, ILogger log, CancellationToken stop)
    {
        string[] arguments =
        [
            app.WorkerAssembly, "--functions-uri", host.AbsoluteUri, "--functions-worker-id", workerId, "--functions-request-id", Guid.NewGuid().ToString(),
            "--functions-grpc-max-message-length", $"{RpcService.MaxMessageBytes}",
        ];
        try
        {
            return new WorkerProcess(
                await WatchedProcess.StartAsync(
                    "dotnet", arguments, app.Path, [.. app.WorkerEnvironment, new("WATCHDOG_SECONDS", $"{Math.Ceiling(stopLimit.TotalSeconds)}")], stop),
                log);
        }
        catch (InvalidOperationException failed)
        {
            throw new HostStartException($"The worker did not start: {failed.Message}", failed);
        }
    }

    /// <summary>The last lines that an ended worker printed.</summary>
    internal async Task<string> LastWordsAsync() => string.Join(Environment.NewLine, await _lastLines);

    /// <summary>Waits until it has ended.</summary>
    internal Task WaitAsync(CancellationToken stop) => _process.WaitAsync(stop);

    /// <inheritdoc cref="WatchedProcess.StopAsync"/>
    internal Task StopAsync(TimeSpan patience) => _process.StopAsync(patience);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<Queue<string>> ListenAsync(WatchedProcess process, ILogger log)
    {
        var last = new Queue<string>();
        await foreach (var line in process.Lines.ReadAllAsync())
        {
            log.WorkerSaid(line);
            if (last.Count == KeptLines)
                last.Dequeue();
            last.Enqueue(line);
        }

        return last;
    }
}
