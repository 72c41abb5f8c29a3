using System.Globalization;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Training.Trials;

/// <summary>What a training needs.</summary>
/// <param name="Images">Of a batch.</param>
/// <param name="StepBytes">What a step has in memory at its peak beside what stays; null if it could not be measured.</param>
/// <param name="Step">Time of one, the median of some.</param>
internal sealed record TrialReport(TrainingRecipe Training, int Images, IReadOnlyList<PartSize> Parts, long? StepBytes, TimeSpan Step)
{
    /// <summary>Weights, and for each that learns a gradient, two moments and a running mean; float32.</summary>
    internal long StateBytes => Parts.Sum(part => (part.Parameters + 4 * part.Learning) * sizeof(float));

    /// <summary>What a <see cref="TrainingSnapshot"/> takes: all of that but the gradients.</summary>
    internal long SnapshotBytes => Parts.Sum(part => (part.Parameters + 3 * part.Learning) * sizeof(float));

    internal TimeSpan Total => Step * Training.Iterations;

    internal IEnumerable<string> Lines()
    {
        yield return "Model    " + string.Join(", ", Parts.Select(part => Text($"{part.Name} of {part.Parameters:N0} parameters")));
        yield return Text($"Memory   {Mebibytes(StateBytes)} for weights, gradients, Adam's moments and running means");
        yield return "         " + (StepBytes is { } bytes ? $"{Mebibytes(bytes)} more at the peak of a step, measured" : "what a step needs more could not be measured here");
        yield return Text($"         {Mebibytes(SnapshotBytes)} more, of the processor's, while a checkpoint is written");
        yield return Text($"Step     {Step.TotalMilliseconds:0.#} ms for {Images} images: {Images / Step.TotalSeconds:0.#} images/s");
        yield return Text($"Total    {Training.Iterations} iterations in about {Duration(Total)}, without checkpoints and evaluation");
        if (Training.TimeBudget is { } budget && budget < Total)
            yield return Text($"         the time budget of {Duration(budget)} ends it after about {(long)(budget / Step)} of them");
    }

    private static string Mebibytes(long bytes) => Text($"{bytes / (1024.0 * 1024):N1} MiB");

    private static string Duration(TimeSpan time) => time.ToString(time.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A part of the model.</summary>
/// <param name="Learning">Parameters that training changes.</param>
internal sealed record PartSize(string Name, long Parameters, long Learning);
