namespace LznPipeline.Cli.Health;

/// <summary>One thing that doctor looked for.</summary>
/// <param name="Detail">What was found, or what its absence means.</param>
/// <param name="Get">How to get it; null when nothing is to be done.</param>
internal sealed record Finding(string Name, FindingState State, string Detail, string? Get = null)
{
    internal static Finding Good(string name, string detail) => new(name, FindingState.Good, detail);

    internal static Finding Optional(string name, string detail, string? get = null) => new(name, FindingState.Optional, detail, get);

    internal static Finding Missing(string name, string detail, string get) => new(name, FindingState.Missing, detail, get);
}

internal enum FindingState
{
    Good,

    /// <summary>Not there, or not as good as it could be; everything works without it.</summary>
    Optional,

    /// <summary>Needed, and not there.</summary>
    Missing,
}
