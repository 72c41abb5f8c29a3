namespace LznPipeline.Shared.Runs;

/// <summary>Where the result of a step comes from: <c>runs/{runId}/lineage/{step}.json</c>. <c>lzn explain</c> reads these.</summary>
/// <param name="Step">One of <see cref="RunSteps"/>.</param>
/// <param name="Reused">True when it was there already and was found whole; false when this run had to make it.</param>
/// <param name="Output">Blob prefix of what the step gives, such as <c>datasets/cats/0123456789abcdef</c>.</param>
/// <param name="Why">For a person: why it was reused, or why it had to be made.</param>
/// <param name="MadeFrom">Everything that the output's version was computed from, by name.</param>
public sealed record StepLineage(string Step, bool Reused, string Output, string Why, SortedDictionary<string, string> MadeFrom);
