using Lzn.Torch.Interop;

namespace Lzn.Torch;

/// <summary>A collective operation under way. The tensors given to it must not be used until <see cref="Wait"/> has returned; it keeps their memory alive itself.</summary>
public sealed class Work : IDisposable
{
    private nint _handle;

    internal Work(nint handle) => _handle = handle;

    public bool IsCompleted => Native.lzn_work_is_completed(Handle) != 0;

    private nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Work));

    /// <summary>Waits for the result. With NCCL it is the device's stream that waits, not this thread.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Another member is gone, or did not take part in time.</exception>
    public void Wait(TimeSpan timeout) => Native.Check(Native.lzn_work_wait(Handle, (long)timeout.TotalMilliseconds), "a collective operation");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0) Native.lzn_work_release(handle);
    }
}
