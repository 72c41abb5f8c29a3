using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LznPipeline.Shared;

namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>A TCP connection that carries messages: four bytes of length, then JSON.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    /// <summary>Far above the longest message; what does not speak this protocol seldom gets past it.</summary>
    private const int MaxBytes = 1 << 20;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly SemaphoreSlim _oneWriter = new(1);

    /// <summary>Of this end, as the other reaches it.</summary>
    internal IPAddress LocalAddress { get; } = Plain(socket.LocalEndPoint);

    internal IPAddress RemoteAddress { get; } = Plain(socket.RemoteEndPoint);

    /// <exception cref="IOException">The connection is gone.</exception>
    internal async Task SendAsync(Message message, CancellationToken stop)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, LznJson.Options);
        var frame = new byte[sizeof(int) + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, sizeof(int));
        await _oneWriter.WaitAsync(stop);
        try
        {
            await _stream.WriteAsync(frame, stop);
        }
        catch (ObjectDisposedException closed)
        {
            throw new IOException("The connection is closed.", closed);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <returns>The next message, or null when the connection has ended or what arrives is none.</returns>
    internal async Task<Message?> ReceiveAsync(CancellationToken stop)
    {
        try
        {
            var head = new byte[sizeof(int)];
            await _stream.ReadExactlyAsync(head, stop);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 2 or > MaxBytes)
                return null;
            var json = new byte[length];
            await _stream.ReadExactlyAsync(json, stop);
            return JsonSerializer.Deserialize<Message>(json, LznJson.Options);
        }
        catch (Exception ended) when (ended is IOException or JsonException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _oneWriter.Dispose();
    }

    private static IPAddress Plain(EndPoint? end) =>
        end is IPEndPoint { Address: var address } ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : IPAddress.None;
}
