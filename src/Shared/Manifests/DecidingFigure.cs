namespace LznPipeline.Shared.Manifests;

/// <summary>The figure by which a model becomes the champion of its name.</summary>
/// <param name="Name">One of the metrics.</param>
/// <param name="LowerIsBetter">True of distances.</param>
/// <param name="MeasuredWith">SHA-256 of the feature network that it depends on; null when it depends on none. Figures of two networks are not comparable.</param>
public sealed record DecidingFigure(string Name, bool LowerIsBetter, string? MeasuredWith);
