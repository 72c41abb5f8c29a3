using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>Weights and cotangents of the golden networks, which are not stored but computed (docs/method.md, section 4).</summary>
internal static class Formula
{
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("LZN_GOLDEN_SEED") ?? "0");

    /// <summary>
    /// Gives a network in memory the weights of the golden files, and brings it to the tests' device:
    /// waves that depend on a tensor's place among the sorted names.
    /// </summary>
    internal static T Fill<T>(T network)
        where T : nn.Module
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (k, (name, target)) in network.state_dict()
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value)).Index())
        {
            if (name == "sigmas")
                continue;
            var i = arange(target.numel(), dtype: ScalarType.Float64);
            var s = (i * 0.013 + i.remainder(7) * 0.1 + (0.7 * k + 0.01 * Seed)).sin();
            target.copy_(Scaled(name, s, target).view(target.shape));
        }

        network.eval();
        return network.to(Golden.Device);
    }

    /// <summary>The cotangent of a golden network's result.</summary>
    internal static Tensor Wave(long[] shape, double phase)
    {
        using var scope = NewDisposeScope();
        var i = arange(shape.Aggregate(1L, (product, extent) => product * extent), dtype: ScalarType.Float64);
        var wave = (i * 0.37 + (i * 0.002).remainder(5) + (phase + 0.01 * Seed)).sin();
        return wave.view(shape).to_type(ScalarType.Float32).to(Golden.Device).MoveToOuterDisposeScope();
    }

    private static Tensor Scaled(string name, Tensor s, Tensor target)
    {
        if (target.dim() >= 2)
            return s / Math.Sqrt((double)target.numel() / target.shape[0]);
        if (name.EndsWith("weight", StringComparison.Ordinal))
            return s * 0.1 + 1;
        return name.EndsWith(".W", StringComparison.Ordinal) ? s * 2 : s * 0.05;
    }
}
