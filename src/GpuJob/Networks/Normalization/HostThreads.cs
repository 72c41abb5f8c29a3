using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Shares work on the CPU among as many threads as libtorch takes.</summary>
internal static class HostThreads
{
    /// <summary>Below it, waking a thread takes longer than the work.</summary>
    private const long ElementsWorthAThread = 32768;

    /// <summary>A thread that has other work leaves parts to the others.</summary>
    private const int PartsOfAThread = 4;

    /// <param name="elements">Of all items together.</param> <param name="work">Items from the first number to before the second.</param>
    internal static void Share(int items, long elements, Action<int, int> work)
    {
        var threads = (int)Math.Min(get_num_threads(), elements / ElementsWorthAThread);
        if (threads <= 1)
        {
            work(0, items);
            return;
        }

        var parts = Math.Min(threads * PartsOfAThread, items);
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads },
            part => work((int)((long)items * part / parts), (int)((long)items * (part + 1) / parts)));
    }
}
