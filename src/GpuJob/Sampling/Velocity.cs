using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>dx/dt of a flow.</summary>
/// <param name="x">Points, [B, ...].</param> <param name="t">The same time for all.</param> <returns>A new tensor like <paramref name="x"/>.</returns>
internal delegate Tensor Velocity(Tensor x, double t);

/// <summary>Sees a point of the path; the tensor belongs to the solver and ends with the call.</summary>
internal delegate void Waypoint(Tensor x, double t);
