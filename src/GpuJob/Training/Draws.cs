using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>Every random draw: it depends on seed, stream and iteration alone, so that a resumed run draws what an uninterrupted one does.</summary>
internal sealed class Draws(long seed)
{
    /// <summary>A generator at the beginning of the sequence of a stream and an iteration.</summary>
    internal Generator For(RandomStream stream, long iteration) =>
        new(Mixed(Mixed(Mixed((ulong)seed) + (ulong)stream) + (ulong)iteration));

    /// <summary>SplitMix64's step: neighbours become unlike.</summary>
    private static ulong Mixed(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>What is drawn. The numbers belong to every model's identity.</summary>
internal enum RandomStream
{
    Weights = 0,
    Flip = 1,
    Prior = 2,
    Noise = 3,
    Time = 4,
    TestPrior = 5,
    SamplePrior = 6,
    SampleNoise = 7,
}
