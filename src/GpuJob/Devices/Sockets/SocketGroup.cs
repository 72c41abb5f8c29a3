using System.Collections.Concurrent;
using System.Net.Sockets;
using LznPipeline.GpuJob.Devices.Groups;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Sockets;

/// <summary>A device group over a ring of plain sockets. It needs nothing but .NET; tensors of other devices go through memory.</summary>
/// <remarks>Operations are carried out one after the other on a thread of the group's own, while the training thread goes on.</remarks>
internal sealed class SocketGroup : IDeviceGroup
{
    private readonly Ring _ring;
    private readonly Thread _thread;
    private readonly BlockingCollection<Exchange> _queue = [];
    private long _operations;
    private bool _isDisposed;
    private volatile PeerLostException? _lost;

    internal SocketGroup(Socket next, Socket previous, int rank, int size, Device device, TimeSpan timeout)
    {
        (Rank, Size, Device) = (rank, size, device);
        _ring = new Ring(next, previous, rank, size, timeout);
        _thread = new Thread(Run) { IsBackground = true, Name = "ring" };
        _thread.Start();
    }

    public int Rank { get; }

    public int Size { get; }

    public Device Device { get; }

    public long Operations => Interlocked.Read(ref _operations);

    public bool IsBroken => _lost is not null;

    public IPending Sum(Tensor tensor) => Begin(tensor, _ring.Sum);

    public Tensor Gather(Tensor own)
    {
        var slots = empty([Size, own.numel()], own.dtype, own.device);
        slots[Rank].copy_(own.view(-1));
        Begin(slots, flat => _ring.Gather(flat.view(Size, -1))).Wait();
        return slots.view([Size * own.shape[0], .. own.shape[1..]]);
    }

    public void Broadcast(Tensor tensor) => Begin(tensor, _ring.Broadcast).Wait();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _queue.CompleteAdding();
        _ring.Break();      // nothing is under way, or nobody waits for it any more
        _thread.Join();
        _ring.Dispose();
        _queue.Dispose();
    }

    private Exchange Begin(Tensor tensor, Action<Tensor> operation)
    {
        if (!tensor.is_contiguous())
            throw new ArgumentException("Only contiguous tensors can be exchanged.", nameof(tensor));
        Interlocked.Increment(ref _operations);
        var exchange = new Exchange(tensor, operation);
        _queue.Add(exchange);
        return exchange;
    }

    private void Run()
    {
        foreach (var exchange in _queue.GetConsumingEnumerable())
        {
            _lost ??= exchange.Run(Rank, Size);
            exchange.Finish(_lost);
        }
    }

    /// <summary>One operation on the memory of one tensor.</summary>
    private sealed class Exchange : IPending
    {
        private readonly TaskCompletionSource<PeerLostException?> _finished = new();
        private readonly Action<Tensor> _operation;
        private readonly Tensor? _origin;
        private readonly Tensor _flat;

        internal Exchange(Tensor tensor, Action<Tensor> operation)
        {
            using var frozen = no_grad();
            _operation = operation;
            var alias = tensor.detach();        // its memory lives as long as this needs it, whatever becomes of the caller's scope
            _origin = tensor.device_type is DeviceType.CPU ? null : alias.DetachFromDisposeScope();
            _flat = (_origin is null ? alias : alias.cpu()).view(-1).DetachFromDisposeScope();
        }

        /// <returns>Why it failed, or null.</returns>
        internal PeerLostException? Run(int rank, int size)
        {
            using var scope = NewDisposeScope();
            try
            {
                _operation(_flat);
                return null;
            }
            catch (Exception failed) when (failed is IOException or SocketException or ObjectDisposedException)
            {
                var (before, after) = ((rank + size - 1) % size, (rank + 1) % size);
                return new PeerLostException($"Rank {rank} lost its neighbours in the ring, rank {before} or {after}: {failed.Message}", failed);
            }
        }

        internal void Finish(PeerLostException? lost) => _finished.SetResult(lost);

        public void Wait()
        {
            if (_finished.Task.GetAwaiter().GetResult() is { } lost)
                throw new PeerLostException(lost.Message, lost);
            using var frozen = no_grad();
            _origin?.copy_(_flat);
            _origin?.Dispose();
            _flat.Dispose();
        }
    }
}
