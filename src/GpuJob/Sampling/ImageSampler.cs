using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>Follows the decoder's velocity from noise to images and back (docs/method.md, section 5). All that goes in and comes out is in memory, wherever the decoder computes.</summary>
internal sealed class ImageSampler(ImageDecoder decoder, SamplingRecipe recipe)
{
    /// <param name="noise">N(0, I), [B, 3, S, S].</param> <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <param name="predicted">Is shown after each step the image to which the way so far points, and the time; null if nobody looks.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor Draw(Tensor noise, Tensor latents, Tensor labels, Waypoint? predicted = null) =>
        Follow(noise, latents, labels, RectifiedFlowLoss.Epsilon, 1, predicted is null ? null : (x, t) => predicted((x - noise * (1 - t)) / t, t));

    /// <summary>The noise from which <see cref="Draw"/> comes to given images.</summary>
    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <param name="latents">Of their zones, [B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <param name="predicted">Is shown after each step the noise to which the way so far points, and the time; null if nobody looks.</param>
    /// <returns>[B, 3, S, S].</returns>
    internal Tensor Invert(Tensor images, Tensor latents, Tensor labels, Waypoint? predicted = null) =>
        Follow(images, latents, labels, 1, RectifiedFlowLoss.Epsilon, predicted is null ? null : (x, t) => predicted((x - images * t) / (1 - t), t));

    /// <summary>Leads images back to their noise, and forward again.</summary>
    /// <inheritdoc cref="Invert"/>
    internal Tensor Rebuild(Tensor images, Tensor latents, Tensor labels) => Draw(Invert(images, latents, labels), latents, labels);

    private Tensor Follow(Tensor x, Tensor latents, Tensor labels, double from, double to, Waypoint? visited)
    {
        var device = decoder.Device();
        var (start, condition, known) = (x.to(device), latents.to(device), labels.to(device));
        Velocity velocity = (point, t) => decoder.call(condition, known, full(point.shape[0], t, device: device), point);
        Waypoint? shown = visited is null ? null : (point, t) => visited(point.cpu(), t);
        var end = recipe.Solver switch
        {
            SamplingSolver.Euler => EulerSolver.Solve(velocity, start, from, to, recipe.Steps, shown),
            SamplingSolver.Rk45 => new DormandPrinceSolver(velocity, recipe.Tolerance, recipe.Tolerance).Solve(start, from, to, shown),
            var other => throw new NotSupportedException($"No solver {other}."),
        };
        return end.cpu();
    }
}
