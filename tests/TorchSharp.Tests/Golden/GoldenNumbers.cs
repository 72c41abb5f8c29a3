using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>What PyTorch computed (golden.py), and the comparison with it.</summary>
internal static class GoldenNumbers
{
    private static readonly Dictionary<string, double[]> s_numbers = JsonSerializer.Deserialize<Dictionary<string, double[]>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "golden.json")))!;    // the file is part of the build

    /// <summary>Elements agree to a few units in the last place of float32: the same kernels may run with other vector widths.</summary>
    internal static void Check(string name, Tensor actual) => Check(name, actual.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray());

    internal static void Check(string name, double[] actual)
    {
        var expected = s_numbers[name];
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var tolerance = 2e-6 * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{name}[{i}]: expected {expected[i]}, was {actual[i]}");
        }
    }
}
