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
