using System.Runtime.ExceptionServices;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Work on many images by several threads, each with tools of its own.</summary>
internal static class Together
{
    /// <param name="tools">Makes what one thread needs.</param>
    /// <remarks>What goes wrong first is thrown as it is.</remarks>
    internal static void Do<TTools>(int count, int threads, Func<TTools> tools, Action<int, TTools> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, tools, (number, _, own) =>
            {
                work(number, own);
                return own;
            }, _ => { });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
