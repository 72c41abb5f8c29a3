using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Transports;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>How the processes of a group come to be.</summary>
internal sealed record GroupLaunch
{
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    internal Topology Topology { get; init; } = Topology.Single;

    /// <summary>Where this process computes.</summary>
    internal Device Device { get; init; } = CPU;

    /// <summary>How long ranks wait for each other: to join, and in every exchange. Longer than storage may be away, since the others wait while rank 0 saves.</summary>
    internal TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>A transport's name, or <see cref="TransportList.Automatic"/>.</summary>
    internal string Transport { get; init; } = TransportList.Automatic;

    /// <summary>The command line of the node's other processes, but for what tells them apart.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where the output of the node's other processes goes.</summary>
    internal TextWriter Console { get; init; } = TextWriter.Null;
}
