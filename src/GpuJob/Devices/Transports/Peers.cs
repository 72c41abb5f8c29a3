using System.Net;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>The ranks of a group and where they listen.</summary>
/// <param name="Rank">This process's.</param>
/// <param name="EndPoints">By rank.</param>
/// <param name="Secret">Known to the group alone; tells its members from strangers.</param>
internal sealed record Peers(int Rank, IPEndPoint[] EndPoints, string Secret)
{
    internal int Size => EndPoints.Length;

    /// <summary>Where this rank's tensors are.</summary>
    internal Device Device { get; init; } = CPU;

    internal int Next => (Rank + 1) % Size;

    internal int Previous => (Rank + Size - 1) % Size;

    internal IPEndPoint Own => EndPoints[Rank];
}
