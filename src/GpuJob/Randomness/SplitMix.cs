namespace LznPipeline.GpuJob.Randomness;

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
