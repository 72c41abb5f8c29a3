using System.Collections.Concurrent;
using System.Net.Sockets;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Sockets;

/// <summary>A rank's place in a ring of TCP connections: it sends to the next rank and receives from the one before.</summary>
internal sealed class Ring : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly Socket _next;
    private readonly Socket _previous;
    private readonly RingSender _sender;
    private readonly int _rank;
    private readonly int _size;

    /// <param name="timeout">How long a rank may keep its neighbours waiting.</param>
    internal Ring(Socket next, Socket previous, int rank, int size, TimeSpan timeout)
    {
        (_next, _previous, _rank, _size) = (next, previous, rank, size);
        next.NoDelay = previous.NoDelay = true;
        next.SendTimeout = previous.ReceiveTimeout = (int)timeout.TotalMilliseconds;
        _sender = new RingSender(next);
    }

    /// <summary>
    /// Ring all-reduce: in size - 1 steps every part is added up on its way around, and in as many more the sums go around. Each rank sends and receives
    /// 2 (size - 1) / size of the tensor, and each sum is computed in one place, so all get the same bits.
    /// </summary>
    /// <param name="whole">One dimension, in memory.</param>
    internal void Sum(Tensor whole) => Exchange(() =>
    {
        var parts = Parts(whole);
        for (var step = 0; step < _size - 1; step++)
        {
            _sender.Send(parts[Wrapped(_rank - step)]);
            var target = parts[Wrapped(_rank - step - 1)];
            using var received = empty_like(target);
            Receive(received);
            target.add_(received);
        }

        for (var step = 0; step < _size - 1; step++)
        {
            _sender.Send(parts[Wrapped(_rank + 1 - step)]);
            Receive(parts[Wrapped(_rank - step)]);
        }
    });

    /// <param name="slots">Contiguous, [size, n]; own values stand in the own row.</param>
    internal void Gather(Tensor slots) => Exchange(() =>
    {
        for (var step = 0; step < _size - 1; step++)
        {
            _sender.Send(slots[Wrapped(_rank - step)]);
            Receive(slots[Wrapped(_rank - step - 1)]);
        }
    });

    /// <summary>From rank 0 along the ring, in pieces, so that all links are busy at once.</summary>
    /// <param name="whole">One dimension, in memory.</param>
    internal void Broadcast(Tensor whole) => Exchange(() =>
    {
        var length = whole.numel();
        var pieceLength = Math.Max(1, PieceBytes / whole.element_size());
        for (var begin = 0L; begin < length; begin += pieceLength)
        {
            var piece = whole.narrow(0, begin, Math.Min(pieceLength, length - begin));
            if (_rank > 0)
                Receive(piece);
            if (_rank < _size - 1)
                _sender.Send(piece);
        }
    });

    /// <summary>Ends what is under way, here and thereby at the neighbours.</summary>
    internal void Break()
    {
        _next.Dispose();
        _previous.Dispose();
    }

    public void Dispose()
    {
        Break();
        _sender.Dispose();
    }

    /// <summary>Nothing is being sent any more when this ends, however it ends.</summary>
    private void Exchange(Action exchange)
    {
        try
        {
            exchange();
            _sender.Flush();
        }
        catch
        {
            Break();
            _sender.Drain();
            throw;
        }
    }

    /// <summary>Nearly equal parts, one for each rank; of a short tensor some are empty.</summary>
    private Tensor[] Parts(Tensor whole)
    {
        var length = whole.numel();
        var bounds = Enumerable.Range(0, _size + 1).Select(part => length * part / _size).ToArray();
        return [.. bounds.Zip(bounds.Skip(1), (begin, end) => whole.narrow(0, begin, end - begin))];
    }

    private int Wrapped(int rank) => (rank % _size + _size) % _size;

    private void Receive(Tensor tensor)
    {
        var rest = tensor.bytes;
        while (!rest.IsEmpty)
        {
            var count = _previous.Receive(rest);
            rest = count > 0 ? rest[count..] : throw new EndOfStreamException("the connection was closed");
        }
    }
}

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

    /// <summary>
    /// Queues a contiguous tensor in memory. It must live, unchanged but for what others send, until <see cref="Flush"/> or <see cref="Drain"/>.
    /// </summary>
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
