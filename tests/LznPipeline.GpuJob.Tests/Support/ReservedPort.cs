using System.Net;
using System.Net.Sockets;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A port of this machine that the system hands out to nobody while this lives, but on which a program that is told of it can listen.</summary>
/// <remarks>
/// A port that is merely free when it is looked for may be somebody's when a program comes to use it:
/// one listener that opens there for a moment is enough to send a waiting rank away.
/// This one is bound and does not listen. Linux lets a second socket bind it if both say that they share addresses, as listeners of .NET do.
/// </remarks>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal ReservedPort()
    {
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    internal int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;       // it is bound

    public void Dispose() => _socket.Dispose();
}
