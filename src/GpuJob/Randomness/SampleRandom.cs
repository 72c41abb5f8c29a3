namespace LznPipeline.GpuJob.Randomness;

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
