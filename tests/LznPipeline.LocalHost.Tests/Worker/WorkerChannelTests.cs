using Grpc.Core;
using LznPipeline.LocalHost.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace LznPipeline.LocalHost.Tests.Worker;

public sealed class WorkerChannelTests
{
    private readonly WorkerChannel _channel = new(NullLoggerFactory.Instance);

    [Fact]
    public async Task Ask_WorkerAnswersOutOfOrder_EachGetsItsOwnAnswer()
    {
        using var worker = new FakeWorker();
        var talking = _channel.RunAsync(worker, worker, default);
        var (one, two) = (_channel.AskAsync(new StreamingMessage { RequestId = "one" }), _channel.AskAsync(new StreamingMessage { RequestId = "two" }));

        worker.Say(new StreamingMessage { RequestId = "two", WorkerInitResponse = new WorkerInitResponse { WorkerVersion = "2" } });
        worker.Say(new StreamingMessage { RequestId = "nobody's" });
        worker.Say(new StreamingMessage { RequestId = "one", WorkerInitResponse = new WorkerInitResponse { WorkerVersion = "1" } });

        Assert.Equal(("1", "2"), ((await one).WorkerInitResponse.WorkerVersion, (await two).WorkerInitResponse.WorkerVersion));
        worker.HangUp();
        await talking;
    }

    [Fact]
    public async Task Ask_WorkerHangsUp_FailsWithTheSentenceThatTheDurableExtensionRetries()
    {
        using var worker = new FakeWorker();
        var talking = _channel.RunAsync(worker, worker, default);
        var asking = _channel.AskAsync(new StreamingMessage());

        worker.HangUp();

        await talking;
        Assert.StartsWith(
            "Did not find any initialized language workers",
            (await Assert.ThrowsAsync<WorkerLostException>(() => asking)).Message,
            StringComparison.Ordinal);
        await _channel.Ended;
    }

    [Fact]
    public async Task Ask_WorkerIsGone_FailsAtOnce()
    {
        _channel.Lose("it was killed");

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => _channel.AskAsync(new StreamingMessage()));

        Assert.Contains("it was killed", lost.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WorkerLostException>(() => _channel.Connected);
    }

    [Fact]
    public async Task Ask_ManyWhileTheWorkerIsLost_EveryOneEnds()
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            await _channel.AskAsync(new StreamingMessage());
        })).ToList();

        start.SetResult();
        _channel.Lose("it was killed");

        foreach (var question in asking)
            await Assert.ThrowsAsync<WorkerLostException>(() => question);
    }

    /// <summary>The other end of the conversation; what it hears it forgets.</summary>
    private sealed class FakeWorker : IAsyncStreamReader<StreamingMessage>, IAsyncStreamWriter<StreamingMessage>, IDisposable
    {
        private readonly System.Threading.Channels.Channel<StreamingMessage> _said = System.Threading.Channels.Channel.CreateUnbounded<StreamingMessage>();

        public StreamingMessage Current { get; private set; } = new();

        public WriteOptions? WriteOptions { get; set; }

        public void Say(StreamingMessage message) => _said.Writer.TryWrite(message);

        public void HangUp() => _said.Writer.TryComplete();

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await _said.Reader.WaitToReadAsync(cancellationToken))
                return false;
            Current = await _said.Reader.ReadAsync(cancellationToken);
            return true;
        }

        public Task WriteAsync(StreamingMessage message) => Task.CompletedTask;

        public void Dispose() => HangUp();
    }
}
