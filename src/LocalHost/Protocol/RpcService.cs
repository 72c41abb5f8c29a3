using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>Where workers call: a gRPC server on a loopback port that the system chooses. Only a worker that knows its id is heard.</summary>
/// <param name="expected">Channels of the workers that were started, by their ids.</param>
internal sealed class RpcService(ConcurrentDictionary<string, WorkerChannel> expected) : FunctionRpc.FunctionRpcBase
{
    /// <summary>Far above any message of durable functions, which keep theirs below a few MiB.</summary>
    internal const int MaxMessageBytes = 128 * 1024 * 1024;

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)
            || !expected.TryRemove(requestStream.Current.StartStream?.WorkerId ?? string.Empty, out var channel))
            throw new Grpc.Core.RpcException(new Status(StatusCode.PermissionDenied, "This host did not start that worker."));
        try
        {
            await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // The worker is gone, which the channel has told everyone who waited.
        }
    }

    /// <summary>Starts the server.</summary>
    /// <param name="logs">Shared with the host.</param>
    internal static async Task<WebApplication> StartAsync(ConcurrentDictionary<string, WorkerChannel> expected, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>().AddSingleton(logs).AddSingleton(expected)
            .AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (MaxMessageBytes, MaxMessageBytes));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;       // one call carries everything that a worker ever says
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var server = builder.Build();
        server.MapGrpcService<RpcService>();
        await server.StartAsync();
        return server;
    }

    internal static Uri AddressOf(WebApplication server) =>
        // Kestrel has the feature once it listens
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
}

/// <summary>Signals are the front's to hear; this server would swallow them while the front has not started yet.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
