namespace LznPipeline.GpuJob.Training;

/// <summary>What an iteration reports.</summary>
/// <param name="Loss">What was to become small.</param>
/// <param name="Quantities">Those that the objective names, in its order.</param>
/// <param name="GradientNorm">Of all weights together, before clipping; NaN when no gradient was computed.</param>
/// <param name="Skipped">Whether loss or gradient was no finite number, so that nothing was learned.</param>
internal sealed record StepReport(double Loss, IReadOnlyList<double> Quantities, double GradientNorm, bool Skipped);
