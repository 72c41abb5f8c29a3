using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Devices.Nccl;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>
/// The functions of NCCL and of CUDA's driver that the program calls, for threads as ranks and tensors in memory.
/// It checks what it is given as the real ones do.
/// </summary>
internal static unsafe class MemoryNccl
{
    private const int Ok = 0;
    private const int InvalidArgument = 4;
    private const int RemoteError = 6;
    private const int InProgress = 7;
    private const int NotReady = 600;

    private static readonly nint s_remoteError = Marshal.StringToCoTaskMemUTF8("remote process exited");
    private static readonly nint s_otherError = Marshal.StringToCoTaskMemUTF8("another failure");
    private static readonly Lock s_lock = new();
    private static readonly ConcurrentDictionary<Guid, Meeting> s_meetings = [];
    private static readonly ConcurrentDictionary<nint, Seat> s_seats = [];
    private static int s_last;

    [ThreadStatic]
    private static nint t_context;

    internal static NcclLibrary Library { get; } = new(Export);

    internal static CudaDriver Driver { get; } = new(Export);

    /// <summary>Groups that were neither freed nor aborted.</summary>
    internal static int Left(byte[] id) => s_meetings[new Guid(id.AsSpan(0, 16))].Members;

    private static nint Export(string name) => name switch
    {
        "ncclGetUniqueId" => (nint)(delegate* unmanaged<NcclLibrary.UniqueId*, int>)&GetUniqueId,
        "ncclCommInitRankConfig" => (nint)(delegate* unmanaged<nint*, int, NcclLibrary.UniqueId, int, NcclLibrary.Config*, int>)&InitRankConfig,
        "ncclAllReduce" => (nint)(delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)&AllReduce,
        "ncclAllGather" => (nint)(delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)&AllGather,
        "ncclBroadcast" => (nint)(delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)&Broadcast,
        "ncclCommGetAsyncError" => (nint)(delegate* unmanaged<nint, int*, int>)&GetAsyncError,
        "ncclCommFinalize" => (nint)(delegate* unmanaged<nint, int>)&Finish,
        "ncclCommDestroy" or "ncclCommAbort" => (nint)(delegate* unmanaged<nint, int>)&Leave,
        "ncclGetErrorString" => (nint)(delegate* unmanaged<int, nint>)&Explain,
        "cuInit" => (nint)(delegate* unmanaged<uint, int>)&Initialize,
        "cuDeviceGet" => (nint)(delegate* unmanaged<int*, int, int>)&GetDevice,
        "cuDevicePrimaryCtxRetain" => (nint)(delegate* unmanaged<nint*, int, int>)&NewContext,
        "cuCtxSetCurrent" => (nint)(delegate* unmanaged<nint, int>)&Enter,
        "cuStreamQuery" => (nint)(delegate* unmanaged<nint, int>)&Query,
        _ => throw new EntryPointNotFoundException(name),
    };

    [UnmanagedCallersOnly]
    private static int GetUniqueId(NcclLibrary.UniqueId* id)
    {
        Guid.NewGuid().TryWriteBytes(new Span<byte>(id->Bytes, 16));
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int InitRankConfig(nint* group, int size, NcclLibrary.UniqueId id, int rank, NcclLibrary.Config* config)
    {
        if (config->Size != 24 || config->Magic != 0xcafebeef || config->Version != 21400 || config->Blocking != 0
            || rank < 0 || rank >= size || t_context == 0)
            return InvalidArgument;
        lock (s_lock)
        {
            var meeting = s_meetings.GetOrAdd(new Guid(new ReadOnlySpan<byte>(id.Bytes, 16)), _ => new Meeting(size));
            *group = Interlocked.Increment(ref s_last);
            s_seats[*group] = new Seat(meeting, rank, t_context);
            meeting.Members++;
            meeting.Joined++;
            return InProgress;
        }
    }

    [UnmanagedCallersOnly]
    private static int AllReduce(nint from, nint to, nuint count, int type, int operation, nint group, nint stream) =>
        operation == 0 ? Begin(group, stream, new Part(from, to, (int)count, type), Sum) : InvalidArgument;

    [UnmanagedCallersOnly]
    private static int AllGather(nint from, nint to, nuint count, int type, nint group, nint stream) =>
        Begin(group, stream, new Part(from, to, (int)count, type), Gather);

    [UnmanagedCallersOnly]
    private static int Broadcast(nint from, nint to, nuint count, int type, int root, nint group, nint stream) =>
        root == 0
            ? Begin(group, stream, new Part(from, to, (int)count, type), parts => Array.ForEach(parts, part => Copy(parts[0].From, part.To, parts[0].Bytes)))
            : InvalidArgument;

    [UnmanagedCallersOnly]
    private static int GetAsyncError(nint group, int* state)
    {
        lock (s_lock)
        {
            var (seat, meeting) = (s_seats[group], s_seats[group].Meeting);
            *state = meeting.Joined < meeting.Size ? InProgress : meeting.Members < meeting.Size && seat.Begun > meeting.Done ? RemoteError : Ok;
            return Ok;
        }
    }

    [UnmanagedCallersOnly]
    private static int Finish(nint group) => s_seats.ContainsKey(group) ? Ok : InvalidArgument;

    [UnmanagedCallersOnly]
    private static int Leave(nint group)
    {
        lock (s_lock)
        {
            if (!s_seats.TryRemove(group, out var seat))
                return InvalidArgument;
            seat.Meeting.Members--;
            return Ok;
        }
    }

    [UnmanagedCallersOnly]
    private static nint Explain(int result) => result == RemoteError ? s_remoteError : s_otherError;

    [UnmanagedCallersOnly]
    private static int Initialize(uint flags) => Ok;

    [UnmanagedCallersOnly]
    private static int GetDevice(int* device, int index)
    {
        *device = index;
        return Ok;
    }

    /// <summary>A context of its own each time: ranks that are threads share no device.</summary>
    [UnmanagedCallersOnly]
    private static int NewContext(nint* context, int device)
    {
        *context = Interlocked.Increment(ref s_last);
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int Enter(nint context)
    {
        t_context = context;
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int Query(nint stream)
    {
        lock (s_lock)
            return s_seats.Values.Any(seat => seat.Context == t_context && seat.Begun > seat.Meeting.Done) ? NotReady : Ok;
    }

    /// <summary>The last rank that comes carries it out for all.</summary>
    private static int Begin(nint group, nint stream, Part part, Action<Part[]> operation)
    {
        lock (s_lock)
        {
            if (!s_seats.TryGetValue(group, out var seat) || seat.Context != t_context || stream != 0 || part.Width == 0)
                return InvalidArgument;
            var (meeting, number) = (seat.Meeting, seat.Begun++);
            var parts = meeting.Parts.GetValueOrDefault(number) ?? (meeting.Parts[number] = new Part?[meeting.Size]);
            parts[seat.Rank] = part;
            if (parts.All(each => each is not null))
            {
                operation(parts!);      // none is null
                meeting.Done++;
            }

            return Ok;
        }
    }

    private static void Gather(Part[] parts)
    {
        foreach (var part in parts)
        {
            foreach (var (rank, other) in parts.Index())
                Copy(other.From, part.To + rank * other.Bytes, other.Bytes);
        }
    }

    private static void Sum(Part[] parts)
    {
        switch (parts[0].Type)
        {
            case 4: Sum<long>(parts); break;
            case 7: Sum<float>(parts); break;
            default: Sum<double>(parts); break;
        }
    }

    private static void Sum<T>(Part[] parts)
        where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < parts[0].Count; i++)
        {
            var sum = T.Zero;
            foreach (var part in parts)
                sum += ((T*)part.From)[i];
            foreach (var part in parts)
                ((T*)part.To)[i] = sum;
        }
    }

    private static void Copy(nint from, nint to, int bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);

    private sealed record Part(nint From, nint To, int Count, int Type)
    {
        /// <summary>Bytes of a value; 0 for types that there are not.</summary>
        internal int Width => Type switch { 0 or 1 => 1, 6 or 9 => 2, 2 or 7 => 4, 4 or 8 => 8, _ => 0 };

        internal int Bytes => Count * Width;
    }

    private sealed class Meeting(int size)
    {
        internal int Size => size;

        internal int Joined { get; set; }

        internal int Members { get; set; }

        /// <summary>Operations that are done.</summary>
        internal int Done { get; set; }

        internal Dictionary<int, Part?[]> Parts { get; } = [];
    }

    private sealed class Seat(Meeting meeting, int rank, nint context)
    {
        internal Meeting Meeting => meeting;

        internal int Rank => rank;

        internal nint Context => context;

        internal int Begun { get; set; }
    }
}
