using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>The conversation with one worker process: what is asked and answered, and what the worker logs.</summary>
internal sealed class WorkerChannel(ILoggerFactory logs)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerLostException? _lost;

    /// <summary>Ends when the worker has called.</summary>
    internal Task Connected => _connected.Task;

    /// <summary>Ends when the worker has hung up, which it also does by ending, or is given up.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Carries messages until the worker hangs up or is given up.</summary>
    internal async Task RunAsync(IAsyncStreamReader<StreamingMessage> incoming, IAsyncStreamWriter<StreamingMessage> outgoing, CancellationToken stop)
    {
        var sending = SendAsync(outgoing, stop);
        _connected.TrySetResult();
        try
        {
            while (await incoming.MoveNext(stop))
                Receive(incoming.Current);
        }
        finally
        {
            Lose("its connection ended");
            await sending;
        }
    }

    /// <summary>Sends a message and waits for the answer that carries the same request id.</summary>
    /// <exception cref="WorkerLostException">The worker ended before it answered.</exception>
    internal async Task<StreamingMessage> AskAsync(StreamingMessage request)
    {
        if (request.RequestId.Length == 0)
            request.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[request.RequestId] = answer;
        Send(request);
        if (_lost is { } lost)
            answer.TrySetException(lost);       // it may have been lost before the question was noted
        try
        {
            return await answer.Task;
        }
        finally
        {
            _asked.TryRemove(request.RequestId, out _);
        }
    }

    /// <summary>Sends a message that has no answer; to a worker that is gone it goes nowhere.</summary>
    internal void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Gives the worker up: every open question fails, and so does every later one.</summary>
    internal void Lose(string why)
    {
        _lost ??= new WorkerLostException(why);
        _outgoing.Writer.TryComplete();
        _connected.TrySetException(_lost);
        foreach (var answer in _asked.Values)
            answer.TrySetException(_lost);
        _ended.TrySetResult();
    }

    private async Task SendAsync(IAsyncStreamWriter<StreamingMessage> outgoing, CancellationToken stop)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(stop))
                await outgoing.WriteAsync(message, stop);
        }
        catch (Exception broken) when (broken is OperationCanceledException or InvalidOperationException or IOException)
        {
            Lose("its connection broke");
        }
    }

    private void Receive(StreamingMessage message)
    {
        if (message.ContentCase is StreamingMessage.ContentOneofCase.RpcLog)
            Log(message.RpcLog);
        else if (_asked.TryGetValue(message.RequestId, out var answer))
            answer.TrySetResult(message);
    }

#pragma warning disable CA2254, CA1848 // the worker's own words, already formatted
    private void Log(RpcLog line)
    {
        var log = logs.CreateLogger(line.Category.Length > 0 ? line.Category : "Worker");
        log.Log((LogLevel)line.Level, line.Exception is { Message.Length: > 0 } failed ? $"{line.Message} {failed.Message}" : line.Message);
    }
#pragma warning restore CA2254, CA1848
}

/// <summary>The worker process is gone. The durable extension knows this sentence and tries again what was under way.</summary>
internal sealed class WorkerLostException(string why) : InvalidOperationException($"Did not find any initialized language workers: {why}.");
