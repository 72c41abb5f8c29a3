using Lzn.Torch.Interop;

namespace Lzn.Torch;

/// <summary>Where the members of a process group find each other: one member is the server, all connect to it.</summary>
public sealed class TcpStore : IDisposable
{
    private nint _handle;

    private TcpStore(nint handle) => _handle = handle;

    /// <summary>The port on which the server listens.</summary>
    public int Port => Native.lzn_store_port(Handle);

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(TcpStore));

    /// <summary>Begins to listen.</summary>
    /// <param name="port">0 for one that the system gives.</param>
    /// <param name="timeout">How long its own requests wait for values that are not there yet.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The port is taken, or this libtorch has no process groups.</exception>
    public static TcpStore Listen(int port, TimeSpan timeout) => New("localhost", port, isServer: true, timeout);

    /// <summary>Connects to a server, and waits for one until the time is up.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">No server answered in time, or this libtorch has no process groups.</exception>
    public static TcpStore Connect(string host, int port, TimeSpan timeout) => New(host, port, isServer: false, timeout);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0) Native.lzn_store_release(handle);
    }

    private static TcpStore New(string host, int port, bool isServer, TimeSpan timeout) =>
        new(Native.Check(Native.lzn_store_new(host, port, isServer ? 1 : 0, (long)timeout.TotalMilliseconds), nameof(TcpStore)));
}
