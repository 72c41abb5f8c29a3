namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>How closely a group's processes watch each other. The end of a process is noticed at once; these are for machines that vanish.</summary>
/// <param name="Beat">From one sign of life to the next.</param>
/// <param name="LongestSilence">After which a process counts as gone.</param>
/// <param name="Grace">How long the cause of a failure is sought among the reports that come in.</param>
internal sealed record Rhythm(TimeSpan Beat, TimeSpan LongestSilence, TimeSpan Grace)
{
    /// <summary>Some beats may be late on a busy machine.</summary>
    private static readonly TimeSpan LeastSilence = TimeSpan.FromSeconds(10);

    /// <summary>With this all ranks have ended well within a minute.</summary>
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(30);

    /// <summary>Silence is noticed before an exchange fails of it, where it can be: it tells whose fault it was.</summary>
    /// <param name="timeout">How long ranks wait for each other in an exchange.</param>
    internal static Rhythm For(TimeSpan timeout)
    {
        var silence = TimeSpan.FromTicks(Math.Clamp(timeout.Ticks / 2, LeastSilence.Ticks, MostSilence.Ticks));
        return new(TimeSpan.FromSeconds(2), silence, TimeSpan.FromSeconds(3));
    }
}
