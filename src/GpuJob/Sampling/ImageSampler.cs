using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>
/// Follows the decoder's velocity from noise to images and back (docs/method.md, section 5).
/// All that goes in and comes out is in memory, wherever the decoder computes.
/// </summary>
internal sealed class ImageSampler(ImageDecoder decoder, SamplingRecipe recipe)
{
    /// <param name="noise">N(0, I), [B, 3, S, S].</param> <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <param name="predicted">Is shown after each step the image to which the way so far points, and the time; null if nobody looks.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor Draw(Tensor noise, Tensor latents, Tensor labels, Waypoint? predicted = null) =>
        Follow(noise, latents, labels, RectifiedFlowLoss.Epsilon, 1, predicted is null ? null : (x, t) => predicted((x - noise * (1 - t)) / t, t));

    /// <summary>The noise from which <see cref="Draw"/> comes to given images.</summary>
    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <param name="latents">Of their zones, [B, d].</param>
    /// <param name="labels">One-hot, [B, classes].</param>
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

/// <summary>dx/dt of a flow.</summary>
/// <param name="x">Points, [B, ...].</param> <param name="t">The same time for all.</param> <returns>A new tensor like <paramref name="x"/>.</returns>
internal delegate Tensor Velocity(Tensor x, double t);

/// <summary>Sees a point of the path; the tensor belongs to the solver and ends with the call.</summary>
internal delegate void Waypoint(Tensor x, double t);

/// <summary>Follows a velocity in equal steps, forwards or backwards in time (docs/method.md, section 5).</summary>
internal static class EulerSolver
{
    /// <param name="x">Where the path begins, [B, ...]; left as it is.</param>
    /// <param name="from">Time at the beginning.</param> <param name="to">Time at the end; before <paramref name="from"/> for the inverse.</param>
    /// <param name="visited">Is shown the point after each step; null if nobody looks.</param>
    /// <returns>Where the path ends.</returns>
    internal static Tensor Solve(Velocity velocity, Tensor x, double from, double to, int steps, Waypoint? visited = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using var inference = no_grad();
        var h = (to - from) / steps;
        x = x.clone();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            x.add_(velocity(x, from + step * h), alpha: h);
            visited?.Invoke(x, from + (step + 1) * h);
        }

        return x;
    }
}

/// <summary>
/// The way between two draws from N(0, I) that stays among such draws: along a great circle (Shoemake, 1985), where a straight one would come too near to zero.
/// </summary>
internal static class Spherical
{
    /// <summary>Below this sine of their angle two points lie so nearly on a line through zero that the straight way is the same.</summary>
    private const double MinSine = 1e-4;

    /// <param name="from">[1, ...].</param> <param name="to">Likewise.</param> <param name="parts">How far along the way, from 0 to 1.</param>
    /// <returns>[parts, ...].</returns>
    internal static Tensor Between(Tensor from, Tensor to, IReadOnlyList<double> parts)
    {
        using var scope = NewDisposeScope();
        var cosine = (from * to).sum().item<float>() / Math.Max((from.norm() * to.norm()).item<float>(), float.Epsilon);
        var angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        return cat([.. parts.Select(part => Math.Sin(angle) < MinSine
            ? from * (1 - part) + to * part
            : from * (Math.Sin((1 - part) * angle) / Math.Sin(angle)) + to * (Math.Sin(part * angle) / Math.Sin(angle)))]).MoveToOuterDisposeScope();
    }
}
