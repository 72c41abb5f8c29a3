using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>
/// Follows a velocity by Runge-Kutta steps of order 5 whose length follows from an error estimate of order 4 (Dormand and Prince, 1980), with the step control
/// of SciPy's <c>solve_ivp(method="RK45")</c> (Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.4). The whole batch takes the same steps.
/// </summary>
/// <remarks>The point is kept in float64, also where the velocity is computed in float32. Needs about ten times the memory of the point.</remarks>
internal sealed class DormandPrinceSolver
{
    private const double Safety = 0.9;
    private const double SmallestFactor = 0.2;
    private const double LargestFactor = 10;
    private const double ErrorOrder = 5;

    private static readonly double[] Times = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1];

    private static readonly double[][] Stages =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
    ];

    private static readonly double[] Solution = [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84];

    private static readonly double[] Error = [-71.0 / 57600, 0, 71.0 / 16695, -71.0 / 1920, 17253.0 / 339200, -22.0 / 525, 1.0 / 40];

    private readonly Velocity _velocity;
    private readonly double _relative;
    private readonly double _absolute;

    /// <param name="relative">Allowed error of a step over the size of the point, root mean square over the batch.</param>
    /// <param name="absolute">Allowed beside it.</param>
    internal DormandPrinceSolver(Velocity velocity, double relative = 1e-5, double absolute = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relative);
        ArgumentOutOfRangeException.ThrowIfNegative(absolute);
        (_velocity, _relative, _absolute) = (velocity, relative, absolute);
    }

    /// <summary>Evaluations of the velocity so far.</summary>
    internal int Evaluations { get; private set; }

    /// <param name="x">Where the path begins, [B, ...]; left as it is.</param>
    /// <param name="from">Time at the beginning.</param> <param name="to">Time at the end; before <paramref name="from"/> for the inverse.</param>
    /// <param name="visited">Is shown the point after each accepted step; null if nobody looks.</param>
    /// <returns>Where the path ends, in the type of <paramref name="x"/>.</returns>
    /// <exception cref="ArithmeticException">The velocity is not finite, or so rough that no step is small enough.</exception>
    internal Tensor Solve(Tensor x, double from, double to, Waypoint? visited = null)
    {
        using var inference = no_grad();
        using var whole = NewDisposeScope();
        var direction = Math.Sign(to - from);
        var (t, y) = (from, x.to_type(ScalarType.Float64, copy: true));
        var slope = Slope(y, t, x.dtype);
        var h = FirstStep(y, slope, from, to, x.dtype);
        while (direction * (to - t) > 0)
        {
            var shortest = 10 * Math.Abs((direction > 0 ? Math.BitIncrement(t) : Math.BitDecrement(t)) - t);
            h = Math.Max(h, shortest);
            for (var (accepted, rejected) = (false, false); !accepted; rejected = true)
            {
                using var scope = NewDisposeScope();
                var end = direction * (t + direction * h - to) > 0 ? to : t + direction * h;
                h = Math.Abs(end - t);
                var (point, next, error) = Step(y, slope, t, end - t, x.dtype);
                var factor = error == 0 ? LargestFactor : Safety * Math.Pow(error, -1 / ErrorOrder);
                accepted = error < 1;
                if (accepted)
                {
                    h *= Math.Min(rejected ? 1 : LargestFactor, factor);
                    t = end;
                    y.copy_(point);
                    slope.copy_(next);
                }
                else
                {
                    h *= Math.Max(SmallestFactor, factor);
                    if (!(h >= shortest))                                       // NaN as well
                        throw new ArithmeticException(
                            $"At time {t:G6} no step is small enough for the allowed error (relative {_relative}, absolute {_absolute}): "
                            + "the velocity is too rough, or not finite.");
                }
            }

            visited?.Invoke(y, t);
        }

        return y.to_type(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The point after a step, the velocity there, and the step's error over the allowed one.</summary>
    private (Tensor Point, Tensor Slope, double Error) Step(Tensor y, Tensor slope, double t, double h, ScalarType type)
    {
        var slopes = new List<Tensor> { slope };
        for (var stage = 1; stage < Stages.Length; stage++)
            slopes.Add(Slope(Moved(y, slopes, Stages[stage], h), t + Times[stage] * h, type));
        var point = Moved(y, slopes, Solution, h);
        slopes.Add(Slope(point, t + h, type));
        var error = Moved(zeros_like(y), slopes, Error, h);
        return (point, slopes[^1], Size(error, Allowed(maximum(y.abs(), point.abs()))));
    }

    /// <summary>The length of the first step: an explicit Euler step tells how the velocity changes.</summary>
    private double FirstStep(Tensor y, Tensor slope, double from, double to, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var allowed = Allowed(y.abs());
        var (d0, d1) = (Size(y, allowed), Size(slope, allowed));
        var h0 = Math.Min(d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1, Math.Abs(to - from));
        var trial = h0 * Math.Sign(to - from);
        var d2 = Size(Slope(y.add(slope, alpha: trial), from + trial, type) - slope, allowed) / h0;
        var h1 = d1 <= 1e-15 && d2 <= 1e-15 ? Math.Max(1e-6, h0 * 1e-3) : Math.Pow(0.01 / Math.Max(d1, d2), 1 / ErrorOrder);
        return Math.Min(Math.Min(100 * h0, h1), Math.Abs(to - from));
    }

    private Tensor Slope(Tensor y, double t, ScalarType type)
    {
        Evaluations++;
        return _velocity(y.to_type(type), t).to_type(ScalarType.Float64);
    }

    private Tensor Allowed(Tensor size) => size * _relative + _absolute;

    /// <summary>y + h (c_0 k_0 + c_1 k_1 + ...).</summary>
    private static Tensor Moved(Tensor y, List<Tensor> slopes, double[] coefficients, double h)
    {
        var moved = y.clone();
        foreach (var (slope, coefficient) in slopes.Zip(coefficients).Where(each => each.Second != 0))
            moved.add_(slope, alpha: h * coefficient);
        return moved;
    }

    /// <summary>Root mean square of x over the allowed size.</summary>
    private static double Size(Tensor x, Tensor allowed) => (x / allowed).square().mean().sqrt().item<double>();
}
