using System.Runtime.ExceptionServices;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>A batch that threads are painting. Guarded by the lock of its owner, but for what is painted.</summary>
/// <param name="numbers">Its pictures.</param>
internal sealed class PendingBatch(long iteration, long[] numbers, BatchBuffer buffer)
{
    private int _claimed;
    private int _returned;

    internal long Iteration => iteration;

    internal BatchBuffer Buffer => buffer;

    /// <summary>Why it cannot be had.</summary>
    internal ExceptionDispatchInfo? Failure { get; private set; }

    internal bool HasWork => _claimed < numbers.Length;

    /// <summary>Whether no thread works on it any more.</summary>
    internal bool IsIdle => _claimed == _returned;

    internal bool IsDone => IsIdle && !HasWork;

    internal int NumberAt(int position) => (int)numbers[position];

    /// <summary>Takes some positions to be painted.</summary>
    internal (int First, int End) Claim(int most)
    {
        var first = _claimed;
        _claimed = Math.Min(numbers.Length, first + most);
        return (first, _claimed);
    }

    /// <summary>Gives positions back, painted or not.</summary>
    internal void Return(int count, ExceptionDispatchInfo? failure)
    {
        _returned += count;
        Failure ??= failure;
        if (failure is not null)
            Abandon();
    }

    /// <summary>Gives up what nobody has begun.</summary>
    internal void Abandon()
    {
        _returned += numbers.Length - _claimed;
        _claimed = numbers.Length;
    }
}
