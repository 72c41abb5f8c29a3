using System.Diagnostics;
using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. Its native memory ends with <see cref="Dispose()"/>, which dispose scopes call; the finalizer is the net for what was forgotten,
    /// and tells the garbage collector of large memory that no scope owns.
    /// </summary>
    [DebuggerDisplay("{ToString(),nq}")]
    public partial class Tensor : IDisposable
    {
        private const long PressureThreshold = 64 * 1024; // below this the managed object itself is pressure enough

        private static long s_total;
        private static long s_peak;

        private long _pressure;

        internal nint handle;

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            if (handle == 0) return; // a gradient that does not exist holds nothing and counts nowhere

            var total = Interlocked.Increment(ref s_total);
            if (total > s_peak) s_peak = total; // a high-water mark for people; a lost race costs nothing
            if (!register) return;

            DisposeScopeManager.ThreadSingleton.Register(this);
            if (OwningDisposeScope is null) AddPressure();
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        /// <summary>The most that were ever alive at once.</summary>
        public static long PeakCount => Interlocked.Read(ref s_peak);

        public string? name { get; set; }

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => handle == 0;

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal int PlaceInScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released == 0) return;
            if (disposing)
            {
                DisposeScopeManager.ThreadSingleton.CountDisposed(this);
                OwningDisposeScope?.Remove(this);
            }

            Native.lzn_release(released);
            Interlocked.Decrement(ref s_total);
            if (_pressure > 0) GC.RemoveMemoryPressure(_pressure);
            _pressure = 0;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            if (OwningDisposeScope is null) return this;
            OwningDisposeScope.Detach(this);
            AddPressure();
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is not null) OwningDisposeScope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        /// <summary>Gives the native tensor away: this object becomes empty. It counts as disposed when its new holder is.</summary>
#pragma warning disable CA1816 // it is empty from here on: nothing is left to finalize
        internal nint MoveHandle()
        {
            var moved = Handle;
            handle = 0;
            Interlocked.Decrement(ref s_total);
            OwningDisposeScope?.Remove(this);
            GC.SuppressFinalize(this);
            if (_pressure > 0) GC.RemoveMemoryPressure(_pressure);
            return moved;
        }
#pragma warning restore CA1816

        /// <summary>Takes the native tensor of another one, which becomes empty. Every holder of this object sees the new values.</summary>
        internal void TakeOver(Tensor other)
        {
            DisposeScopeManager.ThreadSingleton.CountDisposed(this);
            var previous = handle;
            handle = other.MoveHandle();
            Native.lzn_release(previous);
        }

        private void AddPressure()
        {
            if (_pressure > 0 || handle == 0) return;
            var held = Native.lzn_storage_bytes(handle);
            if (held < PressureThreshold) return;
            _pressure = held;
            GC.AddMemoryPressure(held);
        }
    }
}
