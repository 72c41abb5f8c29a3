using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Nccl;

/// <summary>
/// NCCL's C API (nccl.h), as far as a device group needs it. Communicators do not block:
/// a call that waits for other ranks returns, and <see cref="State"/> tells when it is done.
/// </summary>
internal sealed unsafe class NcclLibrary
{
    /// <summary>Size of what a rank must know to join.</summary>
    internal const int IdBytes = 128;

    private const string Name = "libnccl.so.2";
    private const int Add = 0;                      // ncclSum
    private const nint Stream = 0;                  // where libtorch computes, so that all is in order

    private static readonly string[] PackageFolders = ["site-packages", "dist-packages"];

    private readonly delegate* unmanaged<UniqueId*, NcclResult> _newId;
    private readonly delegate* unmanaged<nint*, int, UniqueId, int, Config*, NcclResult> _join;
    private readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, NcclResult> _sum;
    private readonly delegate* unmanaged<nint, nint, nuint, int, nint, nint, NcclResult> _gather;
    private readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, NcclResult> _broadcast;
    private readonly delegate* unmanaged<nint, NcclResult*, NcclResult> _state;
    private readonly delegate* unmanaged<nint, NcclResult> _finalize;
    private readonly delegate* unmanaged<nint, NcclResult> _destroy;
    private readonly delegate* unmanaged<nint, NcclResult> _abort;
    private readonly delegate* unmanaged<NcclResult, byte*> _explain;

    /// <param name="export">Gives a function of the library by name.</param>
    internal NcclLibrary(Func<string, nint> export)
    {
        _newId = (delegate* unmanaged<UniqueId*, NcclResult>)export("ncclGetUniqueId");
        _join = (delegate* unmanaged<nint*, int, UniqueId, int, Config*, NcclResult>)export("ncclCommInitRankConfig");
        _sum = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, NcclResult>)export("ncclAllReduce");
        _gather = (delegate* unmanaged<nint, nint, nuint, int, nint, nint, NcclResult>)export("ncclAllGather");
        _broadcast = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, NcclResult>)export("ncclBroadcast");
        _state = (delegate* unmanaged<nint, NcclResult*, NcclResult>)export("ncclCommGetAsyncError");
        _finalize = (delegate* unmanaged<nint, NcclResult>)export("ncclCommFinalize");
        _destroy = (delegate* unmanaged<nint, NcclResult>)export("ncclCommDestroy");
        _abort = (delegate* unmanaged<nint, NcclResult>)export("ncclCommAbort");
        _explain = (delegate* unmanaged<NcclResult, byte*>)export("ncclGetErrorString");
    }

    /// <summary>What to do where there is none.</summary>
    internal static string Missing =>
        $"NCCL 2.14 or newer is not on this machine: {Name} is neither where the system looks for libraries nor in nvidia/nccl/lib of a Python's packages. " +
        "Install it ('apt-get install libnccl2' from NVIDIA's repository, or 'pip install nvidia-nccl-cu12'), or name its folder in LD_LIBRARY_PATH.";

    /// <summary>Where it may lie: where the system looks, then where PyTorch's wheels keep it.</summary>
    /// <param name="environment">Values of environment variables.</param>
    internal static IEnumerable<string> Places(Func<string, string?> environment)
    {
        string?[] prefixes =
        [
            environment("VIRTUAL_ENV"),
            environment("CONDA_PREFIX"),
            environment("HOME") is { } home ? Path.Combine(home, ".local") : null,
            "/usr/local",
            "/usr"
        ];
        var libraries = prefixes.Where(prefix => !string.IsNullOrEmpty(prefix))
            .Select(prefix => Path.Combine(prefix!, "lib")).Where(Directory.Exists);        // not null: it was asked
        return libraries.SelectMany(library => Directory.EnumerateDirectories(library, "python3*"))
            .SelectMany(python => PackageFolders.Select(packages => Path.Combine(python, packages, "nvidia", "nccl", "lib", Name)))
            .Where(File.Exists).Prepend(Name);
    }

    /// <summary>Loads the first that is there and new enough.</summary>
    /// <returns>Null if there is none.</returns>
    internal static NcclLibrary? Find(IEnumerable<string> places)
    {
        foreach (var place in places)
        {
            if (NativeLibrary.TryLoad(place, out var library) && NativeLibrary.TryGetExport(library, "ncclCommFinalize", out _))
                return new NcclLibrary(name => NativeLibrary.GetExport(library, name));
        }

        return null;
    }

    /// <summary>Invents what names a new group.</summary>
    internal NcclResult NewId(out byte[] id)
    {
        UniqueId made;
        var result = _newId(&made);
        id = new Span<byte>(made.Bytes, IdBytes).ToArray();
        return result;
    }

    /// <summary>Begins to join, with the device of the calling thread.</summary>
    internal NcclResult Join(byte[] id, int rank, int size, out nint group)
    {
        UniqueId known;
        id.CopyTo(new Span<byte>(known.Bytes, IdBytes));
        var config = new Config { Size = (nuint)sizeof(Config), Magic = Config.Known, Version = Config.Form };
        nint joined = 0;
        var result = _join(&joined, size, known, rank, &config);
        group = joined;
        return result;
    }

    /// <param name="data">Becomes the sum.</param>
    internal NcclResult Sum(nint group, NcclData data) => _sum(data.Address, data.Address, (nuint)data.Count, data.Type, Add, group, Stream);

    /// <param name="all">Room for those of all ranks.</param>
    internal NcclResult Gather(nint group, NcclData own, NcclData all) => _gather(own.Address, all.Address, (nuint)own.Count, own.Type, group, Stream);

    /// <param name="data">Becomes that of rank 0.</param>
    internal NcclResult Broadcast(nint group, NcclData data) => _broadcast(data.Address, data.Address, (nuint)data.Count, data.Type, 0, group, Stream);

    /// <summary>How the last call, and what it set going, fares.</summary>
    internal NcclResult State(nint group)
    {
        NcclResult state;
        var result = _state(group, &state);
        return result is NcclResult.Succeeded ? state : result;
    }

    /// <summary>Begins to take leave of the other ranks; <see cref="Free"/> follows.</summary>
    internal NcclResult Leave(nint group) => _finalize(group);

    internal void Free(nint group) => _ = _destroy(group);

    /// <summary>Ends all that is under way on this device, and frees the group.</summary>
    internal void Abort(nint group) => _ = _abort(group);

    internal string Explain(NcclResult result) => $"NCCL says '{Marshal.PtrToStringUTF8((nint)_explain(result))}' ({(int)result})";

    [StructLayout(LayoutKind.Sequential)]
    internal struct UniqueId
    {
        internal fixed byte Bytes[IdBytes];
    }

    /// <summary>The beginning of <c>ncclConfig_t</c> as it was in version 2.14; later ones read this one too.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Config
    {
        internal const uint Known = 0xcafebeef;
        internal const uint Form = 21400;

        internal nuint Size;
        internal uint Magic;
        internal uint Version;

        /// <summary>0: a call returns, and does not wait for other ranks.</summary>
        internal int Blocking;
    }
}

/// <summary>What a call of NCCL returns (<c>ncclResult_t</c>); the other values are failures that it explains itself.</summary>
internal enum NcclResult
{
    Succeeded = 0,

    /// <summary>The caller's fault, like the next.</summary>
    InvalidArgument = 4,

    InvalidUsage = 5,

    /// <summary>It waits for other ranks.</summary>
    InProgress = 7,
}

/// <summary>A tensor as NCCL is told of it.</summary>
/// <param name="Address">Of its first value, on its device.</param> <param name="Type">Its <c>ncclDataType_t</c>.</param>
internal sealed record NcclData(nint Address, long Count, int Type)
{
    /// <param name="tensor">Contiguous.</param>
    /// <exception cref="NotSupportedException">It has a type that is never exchanged, and whose address the package does not tell.</exception>
    internal static NcclData Of(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Byte => At<byte>(tensor, 1),
        ScalarType.Int32 => At<int>(tensor, 2),
        ScalarType.Int64 => At<long>(tensor, 4),
        ScalarType.Float32 => At<float>(tensor, 7),
        ScalarType.Float64 => At<double>(tensor, 8),
        var other => throw new NotSupportedException($"Tensors of {other} are not exchanged. Allowed: Byte, Int32, Int64, Float32, Float64."),
    };

    /// <typeparam name="T">The tensor's own: the storage as another type would be that of a converted copy.</typeparam>
    private static NcclData At<T>(Tensor tensor, int type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return new NcclData(tensor.storage<T>().data_ptr() + (nint)(tensor.storage_offset() * tensor.element_size()), tensor.numel(), type);
    }
}
