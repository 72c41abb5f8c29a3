namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>How closely a group's processes watch each other. The end of a process is noticed at once; these are for machines that vanish.</summary>
/// <param name="Beat">From one sign of life to the next.</param>
/// <param name="LongestSilence">After which a process counts as gone.</param>
/// <param name="Grace">How long the cause of a failure is sought among the reports that come in.</param>
internal sealed record Rhythm(TimeSpan Beat, TimeSpan LongestSilence, TimeSpan Grace)
{
    /// <summary>All ranks have ended well within a minute.</summary>
    internal static Rhythm Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3));
}
