using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>Follows the decoder's velocity from noise to images and back (lzn.md, section 5).</summary>
internal sealed class ImageSampler(ImageDecoder decoder, SamplingRecipe recipe)
{
    /// <param name="noise">N(0, I), [B, 3, S, S].</param> <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <param name="predicted">Is shown after each step the image to which the way so far points, and the time; null if nobody looks.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor Draw(Tensor noise, Tensor latents, Tensor labels, Waypoint? predicted = null) =>
        Follow(noise, latents, labels, RectifiedFlowLoss.Epsilon, 1, (x, t) => predicted?.Invoke((x - noise * (1 - t)) / t, t));

    /// <summary>The noise from which <see cref="Draw"/> comes to given images.</summary>
    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <param name="latents">Of their zones, [B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <param name="predicted">Is shown after each step the noise to which the way so far points, and the time; null if nobody looks.</param>
    /// <returns>[B, 3, S, S].</returns>
    internal Tensor Invert(Tensor images, Tensor latents, Tensor labels, Waypoint? predicted = null) =>
        Follow(images, latents, labels, 1, RectifiedFlowLoss.Epsilon, (x, t) => predicted?.Invoke((x - images * t) / (1 - t), t));

    /// <summary>Leads images back to their noise, and forward again.</summary>
    /// <inheritdoc cref="Invert"/>
    internal Tensor Rebuild(Tensor images, Tensor latents, Tensor labels) => Draw(Invert(images, latents, labels), latents, labels);

    private Tensor Follow(Tensor x, Tensor latents, Tensor labels, double from, double to, Waypoint visited)
    {
        Velocity velocity = (point, t) => decoder.call(latents, labels, full(point.shape[0], t, device: point.device), point);
        return recipe.Solver switch
        {
            SamplingSolver.Euler => EulerSolver.Solve(velocity, x, from, to, recipe.Steps, visited),
            SamplingSolver.Rk45 => new DormandPrinceSolver(velocity, recipe.Tolerance, recipe.Tolerance).Solve(x, from, to, visited),
            var other => throw new NotSupportedException($"No solver {other}."),
        };
    }
}
