using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>Numbers that the published implementation computes, from the folder <c>LZN_GOLDEN_DIR</c> or from <c>data</c> beside the tests.</summary>
internal sealed class Golden
{
    private const string Extension = ".safetensors";

    private readonly Safetensors _file;

    private Golden(string name) => _file = Safetensors.Open(PathOf(name + Extension));

    /// <summary>Where the networks and flows of these tests compute: the setting <c>LZN_TEST_DEVICE</c>, such as <c>cuda</c>, or the processor.</summary>
    internal static Device Device { get; } = new(Environment.GetEnvironmentVariable("LZN_TEST_DEVICE") ?? "cpu");

    private static string? Given => Environment.GetEnvironmentVariable("LZN_GOLDEN_DIR") is { Length: > 0 } given ? given : null;

    private static string Folder => Given ?? Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>Names of the files that begin so: all that the folder has, and of ours those that have to be there, so that a lost one fails tests.</summary>
    internal static IEnumerable<string> Names(string prefix, IEnumerable<string> ours) => Directory.EnumerateFiles(Folder, prefix + "*" + Extension)
        .Select(file => Path.GetFileNameWithoutExtension(file)).Union(Given is null ? ours : [], StringComparer.Ordinal).Order(StringComparer.Ordinal);

    internal static string PathOf(string file) => Path.Combine(Folder, file);

    internal static Golden Open(string name) => new(name);

    internal string Text(string key) => _file.Metadata[key];

    internal int Number(string key) => int.Parse(_file.Metadata[key]);

    internal FlowSolver Solver() => Enum.Parse<FlowSolver>(_file.Metadata["solver"], ignoreCase: true);

    internal double Fraction(string key) => double.Parse(_file.Metadata[key]);

    /// <summary>For what computes there whatever the device is.</summary>
    internal Tensor InMemory(string name) => _file.Tensor(name);

    internal Tensor this[string name] => InMemory(name).to(Device);

    /// <summary>Inputs are stored in float64; this is what a float32 program is given.</summary>
    internal Tensor Single(string name) => this[name].to_type(ScalarType.Float32);

    /// <summary>The same in float64 again: what rounding alone leaves.</summary>
    internal Tensor Rounded(string name) => Single(name).to_type(ScalarType.Float64);

    /// <summary>Greatest absolute difference.</summary>
    internal static double Distance(Tensor given, Tensor expected)
    {
        Assert.Equal(expected.shape, given.shape);
        return (given.detach().to_type(ScalarType.Float64) - expected).abs().max().item<double>();
    }

    /// <summary>Greatest absolute difference over the greatest absolute value expected.</summary>
    internal static double Deviation(Tensor given, Tensor expected) =>
        Distance(given, expected) / expected.abs().max().to_type(ScalarType.Float64).item<double>();

    /// <summary>Norm of the difference over the norm of what is expected.</summary>
    internal static double RelativeDistance(Tensor given, Tensor expected)
    {
        Assert.Equal(expected.shape, given.shape);
        return ((given.detach().to_type(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>();
    }
}
