using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using LznPipeline.GpuJob.Devices.Groups;
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

/// <summary>What a rank and the coordinator say to each other.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(Admitted), "admitted")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Heartbeat), "beat")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Left), "left")]
internal abstract record Message;

/// <summary>The first word of a rank.</summary>
/// <param name="Job">Names the job and everything that must be the same on all ranks.</param>
/// <param name="Host">Name of its machine, for messages.</param>
/// <param name="Ports">Where it listens, by transport; those that it has, the best first.</param>
internal sealed record Join(string Job, int World, int Rank, string Host, int ProcessId, KeyValuePair<string, int>[] Ports) : Message;

/// <summary>All ranks are there.</summary>
/// <param name="Transport">The best that all have.</param>
/// <param name="EndPoints">Of that transport, as ADDRESS:PORT by rank.</param>
/// <param name="Briefing">What rank 0 has to say to all.</param>
internal sealed record Admitted(string Transport, string[] EndPoints, string Secret, string Briefing) : Message;

/// <summary>The rank does not fit into the group.</summary>
internal sealed record Refused(string Reason) : Message;

/// <summary>The process lives.</summary>
/// <param name="Operations">See <see cref="IDeviceGroup.Operations"/>.</param>
internal sealed record Heartbeat(long Operations) : Message;

/// <summary>From a rank: what it knows. From the coordinator: what all end with.</summary>
internal sealed record Failed(RankFailure Failure) : Message;

/// <summary>The rank needs the group no longer.</summary>
internal sealed record Left : Message;

/// <summary>How closely a group's processes watch each other. The end of a process is noticed at once; these are for machines that vanish.</summary>
/// <param name="Heartbeat">From one sign of life to the next.</param>
/// <param name="LongestSilence">After which a process counts as gone.</param>
/// <param name="Grace">How long the cause of a failure is sought among the reports that come in.</param>
internal sealed record Rhythm(TimeSpan Heartbeat, TimeSpan LongestSilence, TimeSpan Grace)
{
    /// <summary>Some beats may be late on a busy machine.</summary>
    private static readonly TimeSpan MinSilence = TimeSpan.FromSeconds(10);

    /// <summary>With this all ranks have ended well within a minute.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(30);

    /// <summary>Silence is noticed before an exchange fails of it, where it can be: it tells whose fault it was.</summary>
    /// <param name="timeout">How long ranks wait for each other in an exchange.</param>
    internal static Rhythm For(TimeSpan timeout)
    {
        var silence = TimeSpan.FromTicks(Math.Clamp(timeout.Ticks / 2, MinSilence.Ticks, MaxSilence.Ticks));
        return new(TimeSpan.FromSeconds(2), silence, TimeSpan.FromSeconds(3));
    }
}
