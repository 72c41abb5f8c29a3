using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Lzn.Durable.InMemory;

namespace Microsoft.DurableTask.Tests.Model;

/// <summary>
/// One host's way to the shared storage. By a seeded dice requests are lost, their answers are lost, they are done twice, late, or refused; the host
/// can also be halted, so that its requests arrive when others have long gone on, and killed, so that none arrives any more.
/// </summary>
internal sealed class UnreliableTransport(MemoryStorage storage, int seed) : HttpPipelineTransport
{
    private readonly Random _random = new(seed);
    private volatile TaskCompletionSource? _halted;
    private volatile bool _dead;

    /// <summary>The part of requests that something happens to.</summary>
    public double Trouble { get; set; }

    public void Halt() => _halted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn()
    {
        var halted = _halted;
        _halted = null;
        halted?.SetResult();
    }

    public void Kill() => _dead = true;

    public override Request CreateRequest() => storage.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The engine has no synchronous requests.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        if (_halted is { } halted)
            await halted.Task;
        if (_dead)
            throw Lost();
        var (dice, pause) = Roll();
        var happening = dice < Trouble ? (int)(dice / Trouble * 6) : -1;
        if (happening == 0)
            throw Lost();
        if (happening == 1)
            await Task.Delay(pause);
        await storage.ProcessAsync(message);
        if (_dead)
            throw Lost();
        switch (happening)
        {
            case 2:
                throw Lost();
            case 3:
                await storage.ProcessAsync(message); // an intermediary repeats it
                break;
            case 4:
                await Task.Delay(pause);
                break;
            case 5:
                throw new RequestFailedException(503, "Server busy");
            default:
                break;
        }
    }

    private static RequestFailedException Lost() => new(0, "The connection was lost.", new SocketException((int)SocketError.ConnectionReset));

    private (double Dice, TimeSpan Pause) Roll()
    {
        lock (_random)
            return (_random.NextDouble(), TimeSpan.FromMilliseconds(_random.Next(1, 40)));
    }
}
