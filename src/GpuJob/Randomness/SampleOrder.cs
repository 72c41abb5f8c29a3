using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Randomness;

/// <summary>Which images form which batch: each epoch a permutation by seed + epoch, cut into whole batches; a rest that fills none is left out.</summary>
internal sealed class SampleOrder(long count, int batchSize, long seed) : IDisposable
{
    private readonly long _batchesPerEpoch = count / batchSize;
    private (long Epoch, Tensor Order)? _current;

    /// <summary>Indexes of an iteration's images, int64 [batchSize].</summary>
    internal Tensor At(long iteration)
    {
        var (epoch, batch) = Math.DivRem(iteration, _batchesPerEpoch);
        return Epoch(epoch).narrow(0, batch * batchSize, batchSize);
    }

    public void Dispose() => _current?.Order.Dispose();

    private Tensor Epoch(long epoch)
    {
        if (_current is { } kept && kept.Epoch == epoch)
            return kept.Order;
        using var generator = new Generator();
        generator.manual_seed(seed + epoch);
        _current?.Order.Dispose();
        var order = randperm(count, ScalarType.Int64, generator: generator).DetachFromDisposeScope();       // outlives the step that first needs it
        _current = (epoch, order);
        return order;
    }
}
