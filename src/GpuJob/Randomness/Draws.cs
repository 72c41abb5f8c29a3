using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Randomness;

/// <summary>Every random draw: it depends on seed, stream and iteration alone, so that a resumed run draws what an uninterrupted one does.</summary>
internal sealed class Draws(long seed)
{
    /// <summary>A generator at the beginning of the sequence of a stream and an iteration.</summary>
    internal Generator For(RandomStream stream, long iteration) => new(State(stream, iteration));

    /// <summary>A seed for what takes no generator.</summary>
    internal long Seed(RandomStream stream, long iteration) => (long)State(stream, iteration);

    /// <summary>The random numbers that vary one image.</summary>
    /// <param name="position">Place in the batch, over all devices together.</param>
    /// <param name="view">Which of the variations of the image.</param>
    internal SampleRandom ForSample(long iteration, long position, int view) =>
        new(SplitMix.Next(SplitMix.Next(State(RandomStream.Augmentation, iteration) + (ulong)position) + (ulong)view));

    private ulong State(RandomStream stream, long iteration) => SplitMix.Next(SplitMix.Next(SplitMix.Next((ulong)seed) + (ulong)stream) + (ulong)iteration);
}

/// <summary>What is drawn. The numbers belong to every model's identity.</summary>
internal enum RandomStream
{
    Weights = 0,
    Augmentation = 1,
    Prior = 2,
    Noise = 3,
    Time = 4,
    TestPrior = 5,
    SamplePrior = 6,
    SampleNoise = 7,
    Dropout = 8,
}

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

/// <summary>The random numbers of one sample: SplitMix64 (Steele, Lea and Flood, 2014), which costs nothing to begin.</summary>
internal struct SampleRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to below 1, with 53 random bits.</summary>
    internal double Uniform()
    {
        _state += SplitMix.Step;
        return (SplitMix.Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>From <paramref name="least"/> to below <paramref name="end"/>.</summary>
    internal double Uniform(double least, double end) => least + Uniform() * (end - least);

    /// <summary>A whole number from 0 to below <paramref name="end"/>.</summary>
    internal int Below(int end) => (int)(Uniform() * end);
}

/// <summary>SplitMix64's way from one number to the next: neighbours become unlike.</summary>
internal static class SplitMix
{
    internal const ulong Step = 0x9E3779B97F4A7C15;

    internal static ulong Next(ulong value) => Mix(value + Step);

    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
