namespace LznPipeline.GpuJob.Training;

/// <summary>Losses of one iteration.</summary>
/// <param name="Flow">Of the decoder; NaN after it stopped.</param>
internal sealed record StepLoss(double Total, double Flow, double Label)
{
    internal bool IsFinite => double.IsFinite(Total);
}
