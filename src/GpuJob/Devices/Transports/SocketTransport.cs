using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Sockets;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>A ring of plain TCP connections.</summary>
internal sealed class SocketTransport : ITransport
{
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(10);

    private TcpListener? _listener;

    public string Name => "sockets";

    public string? Missing => null;

    public int Listen(int rank, bool local)
    {
        _listener = local ? new TcpListener(IPAddress.Loopback, 0) : TcpListener.Create(0);
        _listener.Start();
        return ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public async Task<IDeviceGroup> ConnectAsync(Peers peers, TimeSpan timeout, CancellationToken stop)
    {
        var listener = _listener ?? throw new InvalidOperationException($"{nameof(Listen)} comes first.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(timeout);
        try
        {
            // The next rank listens already, so this does not wait for it to accept.
            var next = await ConnectNextAsync(peers, deadline.Token);
            return new SocketGroup(next, await AcceptPreviousAsync(listener, peers, deadline.Token), peers.Rank, peers.Size, peers.Device, timeout);
        }
        catch (Exception failed) when (failed is SocketException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            var why = failed is SocketException ? failed.Message : $"no answer within {timeout.TotalSeconds:0} s";
            throw new PeerLostException(
                $"Rank {peers.Rank} could not connect with its neighbours in the ring, "
                + $"rank {peers.Next} at {peers.EndPoints[peers.Next]} and rank {peers.Previous}: {why}.",
                failed);
        }
    }

    public void Dispose() => _listener?.Dispose();

    private static async Task<Socket> ConnectNextAsync(Peers peers, CancellationToken stop)
    {
        var end = peers.EndPoints[peers.Next];
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(end, stop);
        await socket.SendAsync(Greeting(peers.Secret, peers.Rank), stop);
        return socket;
    }

    /// <summary>Strangers may connect too; they are turned away.</summary>
    private static async Task<Socket> AcceptPreviousAsync(TcpListener listener, Peers peers, CancellationToken stop)
    {
        var expected = Greeting(peers.Secret, peers.Previous);
        while (true)
        {
            var socket = await listener.AcceptSocketAsync(stop);
            if (await GreetsAsync(socket, expected, stop))
                return socket;
            socket.Dispose();
        }
    }

    private static async Task<bool> GreetsAsync(Socket socket, byte[] expected, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(GreetingPatience);
        var greeting = new byte[expected.Length];
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.ReadExactlyAsync(greeting, deadline.Token);
            return CryptographicOperations.FixedTimeEquals(greeting, expected);
        }
        catch (Exception failed) when (failed is IOException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private static byte[] Greeting(string secret, int rank)
    {
        var greeting = new byte[SHA256.HashSizeInBytes + sizeof(int)];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), greeting);
        BinaryPrimitives.WriteInt32LittleEndian(greeting.AsSpan(SHA256.HashSizeInBytes), rank);
        return greeting;
    }
}
