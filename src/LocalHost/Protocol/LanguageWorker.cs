using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using LznPipeline.LocalHost.Settings;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>
/// The app's worker: started, kept running, asked to run functions. A worker that dies is started again, after a pause that grows while it keeps dying.
/// </summary>
internal sealed class LanguageWorker(AppFolder app, HostSettings settings, ILoggerFactory logs) : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    /// <summary>For a worker that does not answer any more.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = logs.CreateLogger<LanguageWorker>();
    private readonly ConcurrentDictionary<string, WorkerChannel> _expected = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource<Session> _session = NewSession();
    private Microsoft.AspNetCore.Builder.WebApplication? _server;
    private Task _keeping = Task.CompletedTask;

    internal bool IsReady => _session.Task.IsCompletedSuccessfully;

    /// <summary>Starts the worker for the first time.</summary>
    /// <returns>Its functions.</returns>
    /// <exception cref="HostStartException">It ended, refused, or did not call in time.</exception>
    internal async Task<ImmutableArray<RpcFunctionMetadata>> StartAsync(CancellationToken stop)
    {
        _server = await RpcService.StartAsync(_expected, logs);
        var first = await OpenAsync(stop);
        _session.SetResult(first);
        _keeping = KeepAsync(first);
        return first.Functions;
    }

    /// <summary>Runs a function.</summary>
    /// <param name="invocation">Its <c>InvocationId</c> is set; <c>FunctionId</c> is set here.</param>
    /// <param name="begin">Called with the address at which the worker takes HTTP requests, just before the worker is told.</param>
    /// <param name="cancelled">Tells the worker to give up; what it then answers still counts.</param>
    /// <exception cref="WorkerLostException">The worker ended meanwhile, or does not come back.</exception>
    /// <exception cref="FunctionFailedException">The function threw.</exception>
    internal async Task<InvocationResponse> InvokeAsync(string function, InvocationRequest invocation, Action<Uri>? begin, CancellationToken cancelled)
    {
        var session = await CurrentAsync();
        invocation.FunctionId = session.Ids[function];
        begin?.Invoke(session.Http ?? throw new InvalidOperationException(
            $"The worker takes no HTTP requests; its program must call ConfigureFunctionsWebApplication for '{function}'."));
        var asking = session.Channel.AskAsync(new StreamingMessage { InvocationRequest = invocation });
        await using var cancel = cancelled.Register(
            () => session.Channel.Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation.InvocationId } }));
        var answer = await asking;
        return answer.InvocationResponse.Result.Status is StatusResult.Types.Status.Success
            ? answer.InvocationResponse
            : throw new FunctionFailedException(answer.InvocationResponse.Result.Exception ?? new RpcException { Message = "The worker gave no reason." });
    }

    /// <summary>Tells the worker to end, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _keeping;
        if (_server is not null)
            await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task<Session> CurrentAsync()
    {
        try
        {
            return await _session.Task.WaitAsync(RestartPatience, _stopping.Token);
        }
        catch (Exception gone) when (gone is TimeoutException or OperationCanceledException)
        {
            throw new WorkerLostException(
                _stopping.IsCancellationRequested ? "this host is stopping" : $"the worker did not come back within {RestartPatience.TotalSeconds} s");
        }
    }

    /// <summary>Waits for the end of one worker after the other, and starts the next.</summary>
    private async Task KeepAsync(Session session)
    {
        var pause = ShortestPause;
        while (true)
        {
            await session.Channel.Ended.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                break;
            _session = NewSession();
            await session.Process.StopAsync(EndPatience);       // it may have hung up and be there still
            session.Channel.Lose($"the worker process ended with code {session.Process.ExitCode}");
            _log.WorkerEnded(session.Process.Id, session.Process.ExitCode);
            await session.Process.DisposeAsync();
            pause = TimeProvider.System.GetElapsedTime(session.Began) > Healthy ? ShortestPause : Longer(pause);
            if (await ReopenAsync(pause) is not { } next)
                return;
            session = next;
            _session.SetResult(session);
        }

        session.Channel.Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(settings.WorkerStopLimit) } });
        await session.Process.StopAsync(settings.WorkerStopLimit);
        session.Channel.Lose("this host is stopping");
        await session.Process.DisposeAsync();
    }

    private async Task<Session?> ReopenAsync(TimeSpan pause)
    {
        while (true)
        {
            try
            {
                await Task.Delay(pause, _stopping.Token);
                return await OpenAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (Exception failed)
            {
                pause = Longer(pause);
                _log.WorkerNotStarted(failed.Message, pause.TotalSeconds);
            }
        }
    }

    private async Task<Session> OpenAsync(CancellationToken stop)
    {
        var (workerId, channel) = (Guid.NewGuid().ToString(), new WorkerChannel(logs));
        _expected[workerId] = channel;
        // the server is there before the first worker
        var process = await WorkerProcess.StartAsync(app, RpcService.AddressOf(_server!), workerId, settings.WorkerStopLimit, _log, stop);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(StartPatience);
        var ended = process.WaitAsync(deadline.Token);
        try
        {
            var opening = GreetAsync(channel, process);
            if (await Task.WhenAny(opening, ended) == ended)
                throw new HostStartException(ended.IsCanceled
                    ? $"The worker did not call within {StartPatience.TotalSeconds} s."
                    : $"The worker ended with code {process.ExitCode} before it was ready.");
            return await opening;
        }
        catch (Exception failed)
        {
            _expected.TryRemove(workerId, out _);
            channel.Lose("it did not start");
            await process.StopAsync(EndPatience);
            var said = await process.LastWordsAsync();
            await process.DisposeAsync();
            stop.ThrowIfCancellationRequested();
            throw new HostStartException($"{failed.Message} It said: {said}", failed);
        }
    }

    private async Task<Session> GreetAsync(WorkerChannel channel, WorkerProcess process)
    {
        await channel.Connected;
        var greeting = await channel.AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.0.0", WorkerDirectory = app.Path, FunctionAppDirectory = app.Path },
        });
        Check("start", greeting.WorkerInitResponse.Result);
        var listing = await channel.AskAsync(
            new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Path } });
        Check("list its functions", listing.FunctionMetadataResponse.Result);
        ImmutableArray<RpcFunctionMetadata> functions = [.. listing.FunctionMetadataResponse.FunctionMetadataResults];
        foreach (var function in functions)
        {
            var loaded = await channel.AskAsync(
                new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function } });
            Check($"load function '{function.Name}'", loaded.FunctionLoadResponse.Result);
        }

        var http = greeting.WorkerInitResponse.Capabilities.TryGetValue("HttpUri", out var address) ? new Uri(address) : null;
        var ids = functions.ToDictionary(each => each.Name, each => each.FunctionId, StringComparer.OrdinalIgnoreCase);
        return new Session(channel, process, functions, ids, http, TimeProvider.System.GetTimestamp());
    }

    private static void Check(string what, StatusResult result)
    {
        if (result.Status is not StatusResult.Types.Status.Success)
            throw new HostStartException($"The worker could not {what}: {result.Exception?.Message ?? result.Result}");
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static TaskCompletionSource<Session> NewSession() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="Ids">Of functions, by name.</param>
    /// <param name="Http">Where it takes the requests of HTTP functions.</param>
    /// <param name="Began">A timestamp.</param>
    private sealed record Session(
        WorkerChannel Channel, WorkerProcess Process, ImmutableArray<RpcFunctionMetadata> Functions, Dictionary<string, string> Ids, Uri? Http, long Began);
}

/// <summary>A function threw. The text is in the form that the durable extension takes apart for type, message and stack.</summary>
internal sealed class FunctionFailedException(RpcException failure) : Exception($"Result: Failure\nException: {failure.Message}\nStack: {failure.StackTrace}");
