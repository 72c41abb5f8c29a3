using LznPipeline.GpuJob.Sampling;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>How well a network's path is fixed: the adaptive sampler's solution in float64, and how far several roundings lead away from it.</summary>
internal sealed class Conditioning
{
    private const int Roundings = 2;
    private const double Float32Rounding = 6e-8;

    private readonly ITestOutputHelper _output;
    private readonly Tensor _solution;
    private readonly List<(double Deviation, int Evaluations)> _runs;

    internal Conditioning(ITestOutputHelper output, GoldenNcsnpp golden, Tensor start, double from, double to)
    {
        using var frozen = no_grad();
        _output = output;
        var begin = start.to_type(ScalarType.Float64);
        var decoder = golden.Decoder().to(ScalarType.Float64);
        var (latents, labels) = (golden.File["latent"].to_type(ScalarType.Float64), golden.Labels.to_type(ScalarType.Float64));
        Velocity exact = (x, t) => decoder.call(latents, labels, full(x.shape[0], t, ScalarType.Float64, x.device), x);
        var solver = new DormandPrinceSolver(exact);
        _solution = solver.Solve(begin, from, to).cpu();
        output.WriteLine($"The solution takes {solver.Evaluations} evaluations.");
        decoder.to(ScalarType.Float32);
        _runs = [.. Enumerable.Range(0, Roundings).Select(Run)];
        foreach (var (deviation, evaluations) in _runs)
            output.WriteLine($"Under a rounding: {deviation:0.0e0} away, {evaluations} evaluations.");

        (double Deviation, int Evaluations) Run(int seed)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)seed);
            var rounded = new DormandPrinceSolver((x, t) =>
            {
                var times = full(x.shape[0], t, ScalarType.Float32, x.device);
                var single = decoder.call(golden.File["latent"], golden.Labels, times, x.to_type(ScalarType.Float32));
                return single.to_type(ScalarType.Float64) * (1 + Float32Rounding * randn(x.shape, ScalarType.Float64, generator: generator).to(x.device));
            });
            return (Golden.Deviation(rounded.Solve(begin, from, to).cpu(), _solution), rounded.Evaluations);
        }
    }

    /// <summary>
    /// Each end is as near to the solution as those under roundings are, within a factor of three, since two samples of them are few;
    /// and took about as many evaluations.
    /// </summary>
    /// <param name="most">How far roundings may lead away, by the files alone: farther, and the measure, which is our own solver's, would show nothing.</param>
    internal void AssertCovers(double most, params IEnumerable<(Tensor End, long Evaluations)> paths)
    {
        var farthest = _runs.Max(run => run.Deviation);
        Assert.InRange(farthest, 0, most);
        foreach (var (end, evaluations) in paths)
        {
            var deviation = Golden.Deviation(end, _solution);
            _output.WriteLine($"Asked: {deviation:0.0e0} away, {evaluations} evaluations.");
            Assert.InRange(deviation, 0, 3 * farthest);
            Assert.InRange(evaluations, 0.75 * _runs.Min(run => run.Evaluations), 1.33 * _runs.Max(run => run.Evaluations));
        }
    }
}
