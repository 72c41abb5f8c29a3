namespace Lzn.Durable;

/// <summary>What is wrong with a task hub, as its hosts see it.</summary>
internal sealed class HubHealth
{
    private volatile IReadOnlyList<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public void Report(IReadOnlyList<Finding> findings) => _findings = findings;

    /// <param name="IsRed">Work does not go on; otherwise somebody should look at it.</param>
    internal sealed record Finding(string What, bool IsRed);
}
