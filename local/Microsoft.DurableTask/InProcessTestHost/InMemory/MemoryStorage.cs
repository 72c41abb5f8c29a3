using Azure.Core;
using Azure.Core.Pipeline;

namespace Lzn.Durable.InMemory;

/// <summary>
/// Blob and queue storage in this process's memory, for clients that use it as their transport: what the engine needs of the two services, with
/// their conditions, leases, visibility and errors. Each request is one indivisible step, as in the services.
/// </summary>
public sealed class MemoryStorage : HttpPipelineTransport, IDisposable
{
    private const int QueuePort = 10001; // as UseDevelopmentStorage has it

    private readonly HttpClientTransport _requests = new();
    private readonly Lock _lock = new();
    private readonly MemoryBlobs _blobs;
    private readonly MemoryQueues _queues;

    /// <param name="clock">By it leases run out and messages come into sight; the system's if left out.</param>
    public MemoryStorage(TimeProvider? clock = null)
    {
        _blobs = new MemoryBlobs(clock ?? TimeProvider.System);
        _queues = new MemoryQueues(clock ?? TimeProvider.System);
    }

    /// <summary>To be given to clients together with this transport.</summary>
    public static string ConnectionString => "UseDevelopmentStorage=true";

    /// <inheritdoc/>
    public override Request CreateRequest() => _requests.CreateRequest();

    /// <inheritdoc/>
    public override void Process(HttpMessage message) => ProcessAsync(message).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.CancellationToken.ThrowIfCancellationRequested();
        using var body = new MemoryStream();
        if (message.Request.Content is { } content)
            await content.WriteToAsync(body, message.CancellationToken).ConfigureAwait(false);
        var request = new MemoryRequest(message.Request, body.ToArray());
#pragma warning disable CA2000 // the message owns its response
        lock (_lock)
            message.Response = message.Request.Uri.Port == QueuePort ? _queues.Answer(request) : _blobs.Answer(request);
#pragma warning restore CA2000
        message.Response.ClientRequestId = message.Request.ClientRequestId;
    }

    /// <inheritdoc/>
    public void Dispose() => _requests.Dispose();
}
