using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Optimization;

/// <summary>
/// The learning rates over time (docs/method.md, section 3): from a part of the recipe's in a straight line to the whole,
/// then constant, until they fall if the recipe says so.
/// </summary>
/// <remarks>
/// Functions of counters that a checkpoint has, so a resumed training has the same rates; TorchSharp's schedulers count their own calls, and
/// their counts cannot be stored.
/// </remarks>
internal static class LearningRateSchedule
{
    /// <summary>The rate of a step.</summary>
    /// <param name="part">Of the model, see <see cref="LznModel.PartOf"/>.</param> <param name="steps">Taken before.</param>
    internal static double At(TrainingRecipe training, string part, long steps) =>
        Whole(training, part) * WarmUp(steps, training.WarmupIterations) * CoolDown(training.Iterations - steps, training.CoolDown * training.Iterations);

    /// <summary>The rate between warm-up and cool-down.</summary>
    internal static double Whole(TrainingRecipe training, string part) => part switch
    {
        LznModel.DecoderName => training.LearningRate.Decoder!.Value,           // who has these parts has their rates
        LznModel.LabelAnchorsName => training.LearningRate.LabelAnchors!.Value,
        _ => training.LearningRate.Encoder,
    };

    /// <summary>What a rate is multiplied by: 1 / length at first, 1 after so many steps.</summary>
    internal static double WarmUp(long steps, int length) => steps >= length ? 1 : (1 + (length - 1.0) * steps / length) / length;

    /// <summary>What a rate is multiplied by: 1 until so many steps are left, 1 / length at the last and after it.</summary>
    private static double CoolDown(double left, double length) => Math.Min(1, Math.Max(left, 1) / length);
}

/// <summary>
/// Keeps the gradients of a float16 network within its range: the loss is multiplied by a factor,
/// and the gradients are divided by it (Micikevicius et al., 2018).
/// </summary>
/// <remarks>
/// The factor is a power of two, so that it rounds nothing.
/// It doubles after <see cref="GrowEvery"/> steps in a row that were taken, and is halved by each that was not.
/// </remarks>
internal sealed class GradScaler
{
    /// <summary>Of a training that begins.</summary>
    internal const double Initial = 65536;

    internal const int GrowEvery = 2000;

    private const double Greatest = 1 << 24;        // above, the gradients that float16 can hold are longer than any that are not clipped

    /// <summary>What the loss is multiplied by.</summary>
    internal double Factor { get; private set; } = Initial;

    /// <summary>Steps taken since the factor changed.</summary>
    internal int Steps { get; private set; }

    /// <param name="taken">Whether all gradients were finite.</param>
    internal void Update(bool taken)
    {
        Steps = taken ? Steps + 1 : 0;
        if (taken && Steps < GrowEvery)
            return;
        Factor = Math.Clamp(taken ? Factor * 2 : Factor / 2, 1, Greatest);
        Steps = 0;
    }

    internal LossScaleState Stored() => new(Factor, Steps);

    internal void Restore(LossScaleState stored) => (Factor, Steps) = (stored.Factor, stored.Steps);
}

/// <summary>A <see cref="GradScaler"/> in a checkpoint.</summary>
internal sealed record LossScaleState(double Factor, int Steps);
