namespace LznPipeline.Benchmarks;

/// <summary>A figure of ours, and the same figure of a peer where there is one.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Such as <c>ms</c> or <c>images/s</c>.</param>
/// <param name="Peer">Who else was measured, such as <c>PyTorch 1.13</c>; null without a peer.</param>
internal sealed record Measure(string Name, double Value, string Unit, string? Peer = null, double? PeerValue = null)
{
    /// <summary>Ours over the peer's, in the unit given: for times below 1 is better, for rates above 1.</summary>
    public double? Ratio => Value / PeerValue;
}
