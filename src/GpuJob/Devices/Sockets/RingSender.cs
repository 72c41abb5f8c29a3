using System.Collections.Concurrent;
using System.Net.Sockets;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Sockets;

/// <summary>Sends tensors on a thread of its own, so that a rank can receive while it sends: a ring in which everyone sends first would stand still.</summary>
internal sealed class RingSender : IDisposable
{
    private readonly Socket _socket;
    private readonly Thread _thread;
    private readonly BlockingCollection<Tensor?> _queue = [];
    private readonly SemaphoreSlim _flushed = new(0);
    private volatile Exception? _failure;

    internal RingSender(Socket socket)
    {
        _socket = socket;
        _thread = new Thread(Run) { IsBackground = true, Name = "ring sender" };
        _thread.Start();
    }

    /// <summary>Queues a contiguous tensor in memory. It must live, unchanged but for what others send, until <see cref="Flush"/> or <see cref="Drain"/>.</summary>
    internal void Send(Tensor tensor) => _queue.Add(tensor);

    /// <summary>Waits until all that is queued was handed to the system.</summary>
    /// <exception cref="IOException">It was not: the connection is gone.</exception>
    internal void Flush()
    {
        Drain();
        if (_failure is { } failure)
            throw new IOException(failure.Message, failure);
    }

    /// <summary>Waits until no queued tensor is in use any more.</summary>
    internal void Drain()
    {
        _queue.Add(null);
        _flushed.Wait();
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
        _flushed.Dispose();
    }

    private void Run()
    {
        foreach (var tensor in _queue.GetConsumingEnumerable())
        {
            if (tensor is null)
                _flushed.Release();
            else if (_failure is null)
                TrySend(tensor);
        }
    }

    private void TrySend(Tensor tensor)
    {
        try
        {
            ReadOnlySpan<byte> rest = tensor.bytes;
            while (!rest.IsEmpty)
                rest = rest[_socket.Send(rest)..];
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            _failure = failed;
        }
    }
}
