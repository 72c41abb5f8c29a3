using System.Runtime;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Puts off .NET's garbage collections to moments at which nothing computes.</summary>
/// <remarks>
/// TorchSharp passes numbers to native code as objects with a finalizer (<c>Scalar</c>) and does not keep them alive for the call. If a collection, begun by
/// whatever thread, meets a thread in between, the number can be freed before it is read; libtorch then fails with "Unknown scalar type", or computes with
/// another number. So a process that computes collects when its computing thread says that it is at rest, and waits there for the finalizers. What allocates
/// more than <see cref="Budget"/> in between is collected for all the same, and counted.
/// </remarks>
internal static class GarbageCollections
{
    /// <summary>
    /// Bytes that can be allocated without a collection: far more than a training step needs for its images and for the objects that stand for tensors.
    /// </summary>
    private const long Budget = 256 << 20;

    /// <summary>
    /// Bytes after which a moment of rest is used: a collection takes some milliseconds,
    /// an allocation in memory that the processor's cache still holds is the cheaper one.
    /// </summary>
    private const long Portion = 32 << 20;

    private static readonly Lock Gate = new();
    private static bool _arePutOff;
    private static long _allocated;
    private static int _seen;

    /// <summary>How many there were at rest, and how many came in between.</summary>
    internal static (int AtRest, int Between) Counts { get; private set; }

    /// <summary>From now on. Leaves everything as it is where so much memory cannot be had.</summary>
    internal static void PutOff()
    {
        lock (Gate)
        {
            try
            {
                _arePutOff = GC.TryStartNoGCRegion(Budget);
            }
            catch (ArgumentOutOfRangeException)
            {
                return;     // more than this process may have at all
            }

            Remember();
        }
    }

    /// <summary>To be called where no thread computes with TorchSharp. Costs next to nothing until enough was allocated.</summary>
    internal static void AtRest()
    {
        if (!_arePutOff || GC.GetTotalAllocatedBytes() - Volatile.Read(ref _allocated) < Portion)
            return;
        lock (Gate)
        {
            Counts = (Counts.AtRest + 1, Counts.Between + GC.CollectionCount(0) - _seen);
            Resume();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            _arePutOff = GC.TryStartNoGCRegion(Budget);
            Remember();
        }
    }

    /// <summary>Lets .NET collect when it likes again.</summary>
    internal static void Resume()
    {
        if (GCSettings.LatencyMode is GCLatencyMode.NoGCRegion)     // a collection in between has ended it
            GC.EndNoGCRegion();
        _arePutOff = false;
    }

    private static void Remember()
    {
        Volatile.Write(ref _allocated, GC.GetTotalAllocatedBytes());
        _seen = GC.CollectionCount(0);
    }
}
