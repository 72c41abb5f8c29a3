using System.Runtime.ExceptionServices;
using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>
/// Batches that threads of their own make ready ahead of training.
/// What a batch holds depends on seed and iteration alone, not on threads or on what was asked before.
/// </summary>
internal sealed class PrefetchedBatches : IBatchSource
{
    /// <summary>Samples that a thread takes at a time: enough that taking costs nothing, few enough that threads end together.</summary>
    private const int Portion = 8;

    private const int MinAhead = 2;
    private const int MaxAhead = 8;

    /// <summary>Memory for batches beyond the least.</summary>
    private const long AheadBytes = 256L << 20;

    private readonly PictureSet _pictures;
    private readonly BadImages _bad;
    private readonly BatchPlan _plan;
    private readonly Device _device;
    private readonly Draws _draws;
    private readonly SampleOrder _order;
    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private readonly Queue<PendingBatch> _ahead = new();        // of successive iterations
    private readonly Stack<BatchBuffer> _free;
    private bool _isStopped;

    /// <param name="pictures">Disposed with this.</param>
    /// <param name="device">Where the batches shall be.</param>
    /// <exception cref="BadInputException">There are fewer images than devices, or a batch is too large.</exception>
    internal PrefetchedBatches(PictureSet pictures, BatchPlan plan, BadImages bad, int threads, Device device)
    {
        (_pictures, _plan, _bad, _device, _draws) = (pictures, plan, bad, device, new Draws(plan.Seed));
        var together = Math.Min(plan.BatchSize, pictures.Count) / plan.Ranks * plan.Ranks;
        if (together == 0)
            throw new BadInputException($"{pictures.Count} images cannot be shared among {plan.Ranks} devices. Use fewer devices.");
        BatchSize = together / plan.Ranks;
        _order = new SampleOrder(pictures.Count, together, plan.Seed);
        var size = pictures.Recipe.TrainingSize();
        var bytes = (long)BatchSize * plan.Views * Picture.ByteCount(size, size);
        _free = new Stack<BatchBuffer>(
            Enumerable.Range(0, (int)Math.Clamp(AheadBytes / bytes, MinAhead, MaxAhead)).Select(_ => new BatchBuffer(BatchSize, plan.Views, size, device)));
        _threads = [.. Enumerable.Range(0, threads).Select(number => new Thread(Work) { IsBackground = true, Name = $"images {number}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public int BatchSize { get; }

    public long BatchesPerEpoch => _pictures.Count / (BatchSize * _plan.Ranks);

    public Batch At(long iteration)
    {
        PendingBatch batch;
        lock (_gate)
        {
            if (!_ahead.TryPeek(out var next) || next.Iteration != iteration)
                Restart(iteration);
            batch = _ahead.Peek();
            while (!batch.IsDone)
                Monitor.Wait(_gate);
        }

        batch.Failure?.Throw();
        var made = batch.Buffer.ToBatch(_device);
        lock (_gate)
        {
            _free.Push(_ahead.Dequeue().Buffer);
            Plan(_ahead.Count > 0 ? _ahead.Last().Iteration + 1 : iteration + 1);
        }

        return made;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
            thread.Join();
        foreach (var buffer in _free.Concat(_ahead.Select(batch => batch.Buffer)))
            buffer.Dispose();
        _order.Dispose();
        _pictures.Dispose();
    }

    /// <summary>Begins anew elsewhere, when what is made ready is not what is asked for.</summary>
    private void Restart(long iteration)
    {
        foreach (var batch in _ahead)
            batch.Abandon();
        while (_ahead.TryPeek(out var batch))
        {
            if (batch.IsDone)
                _free.Push(_ahead.Dequeue().Buffer);
            else
                Monitor.Wait(_gate);
        }

        Plan(iteration);
    }

    /// <summary>Fills every free buffer with the next batches.</summary>
    private void Plan(long iteration)
    {
        for (; _free.TryPop(out var buffer); iteration++)
            _ahead.Enqueue(new PendingBatch(iteration, Numbers(iteration), buffer));
        Monitor.PulseAll(_gate);
    }

    /// <summary>This device's pictures: every <see cref="BatchPlan.Ranks"/>th of the batch.</summary>
    private long[] Numbers(long iteration)
    {
        using var scope = NewDisposeScope();
        return [.. _order.At(iteration).data<long>().Where((_, position) => position % _plan.Ranks == _plan.Rank)];
    }

    private void Work()
    {
        var painter = new SamplePainter(_pictures, _bad);
        while (Claim() is { } portion)
        {
            var failure = Try(painter, portion);
            lock (_gate)
            {
                portion.Batch.Return(portion.End - portion.First, failure);
                if (portion.Batch.IsIdle)
                    Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for something to paint; null at the end.</summary>
    private (PendingBatch Batch, int First, int End)? Claim()
    {
        lock (_gate)
        {
            while (!_isStopped)
            {
                if (_ahead.FirstOrDefault(batch => batch.HasWork) is { } batch)
                {
                    var (first, end) = batch.Claim(Portion);
                    return (batch, first, end);
                }

                Monitor.Wait(_gate);
            }

            return null;
        }
    }

    private ExceptionDispatchInfo? Try(SamplePainter painter, (PendingBatch Batch, int First, int End) portion)
    {
        try
        {
            for (var position = portion.First; position < portion.End; position++)
            {
                var place = (long)position * _plan.Ranks + _plan.Rank;      // in the batch of all devices together
                painter.Paint(portion.Batch.NumberAt(position), Draw, portion.Batch.Buffer, position);

                View Draw(int width, int height, int view) =>
                    View.Draw(_pictures.Recipe, width, height, _draws.ForSample(portion.Batch.Iteration, place, view));
            }

            return null;
        }
        catch (Exception failed)        // whatever it is, the thread that asks for the batch shall have it
        {
            return ExceptionDispatchInfo.Capture(failed);
        }
    }
}

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
