using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.GpuJob.Training;
using LznPipeline.Testing;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests.Parity;

/// <summary>
/// The training program, in float32, against <c>parity.py</c>, which follows the publication in float64:
/// twenty steps from the same weights, images and random numbers.
/// </summary>
/// <remarks>
/// The files beside the script hold what it was given and what it made of it. To remake them, run these tests where python3-torch is installed, and copy
/// <c>Parity/made</c> of the test's output folder over them.
/// </remarks>
[Trait("Category", "Golden")]
public sealed class ParityTests
{
    private const string Given = "The training program gives its steps other numbers than when the files were made. If that is meant, remake them.";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Parity");

    public static TheoryData<string> Names => ParityRecipes.Names;

    [Theory, MemberData(nameof(Names))]
    public void Given_IsWhatTheScriptWasGiven(string name)
    {
        using var scope = NewDisposeScope();
        using var run = new ParityRun(name);
        using var file = Open(name);

        var given = run.Given();
        Assert.Equal(file.Tensors.Keys.Where(IsGiven).Order(StringComparer.Ordinal), given.Keys.Order(StringComparer.Ordinal));
        Assert.All(given, each => Assert.True(each.Value.cpu().allclose(file.Tensor(each.Key), rtol: 1e-5, atol: 1e-6), $"{each.Key}: {Given}"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Step_TwentyTimes_HasTheLossesAndGradientsOfTheScript(string name)
    {
        using var scope = NewDisposeScope();
        using var run = new ParityRun(name);
        using var file = Open(name);

        var reports = run.Train();

        AssertNear(file.Tensor("losses"), reports, report => [report.Loss]);
        AssertNear(file.Tensor("quantities"), reports, report => [.. report.Quantities]);
        AssertNear(file.Tensor("norms"), reports, report => [report.GradientNorm]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Step_TwentyTimes_HasTheWeightsAndMeansOfTheScript(string name)
    {
        using var scope = NewDisposeScope();
        using var run = new ParityRun(name);
        using var file = Open(name);

        run.Train();

        AssertNear(file, "trained", name, run.Weights(averaged: false));
        AssertNear(file, "mean", name, run.Weights(averaged: true));
    }

    [PythonTorchTheory, MemberData(nameof(Names))]
    public async Task Script_GivenTheSame_MakesTheSameOfItAgain(string name)
    {
        var (given, made) = (Path.Combine(Folder, "given", name + ".safetensors"), Path.Combine(Folder, "made", name + ".safetensors"));
        Write(name, given);
        Directory.CreateDirectory(Path.GetDirectoryName(made)!);

        await PythonTorch.RunAsync(await File.ReadAllTextAsync(Path.Combine(Folder, "parity.py")), given, made);

        using var scope = NewDisposeScope();
        using var again = Safetensors.Open(made);
        using var file = Open(name);
        Assert.Equal(file.Tensors.Keys, again.Tensors.Keys);
        Assert.All(file.Tensors.Keys, tensor => Assert.True(again.Tensor(tensor).allclose(file.Tensor(tensor), rtol: 1e-5, atol: 1e-6), $"{tensor} differs."));
    }

    private static Safetensors Open(string name) => Safetensors.Open(Path.Combine(Folder, name + ".safetensors"));

    private static void Write(string name, string path)
    {
        using var scope = NewDisposeScope();
        using var run = new ParityRun(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);        // it has a folder
        using var to = File.Create(path);
        Safetensors.Write(to, [.. run.Given().Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))], run.Metadata());
    }

    /// <param name="expected">[steps], or [steps, numbers].</param>
    /// <remarks>Seen were 5e-6 for norms and 2e-6 for everything else, and of case 2, some of whose numbers are 0 but for rounding, 1.3e-7.</remarks>
    private static void AssertNear(Tensor expected, IReadOnlyList<StepReport> reports, Func<StepReport, double[]> numbers)
    {
        var rows = expected.view(reports.Count, -1);
        Assert.All(reports.Index(), each =>
        {
            var (ours, theirs) = (numbers(each.Item), rows[each.Index].data<double>().ToArray());
            Assert.Equal(theirs.Length, ours.Length);
            Assert.All(ours.Zip(theirs), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 5e-5 * Math.Abs(pair.Second) + 3e-7));
        });
    }

    /// <summary>Whether a tensor of a file is what the script was given, and not what it made of that.</summary>
    private static bool IsGiven(string tensor) => tensor is not ("losses" or "quantities" or "norms")
        && !tensor.StartsWith("trained.", StringComparison.Ordinal) && !tensor.StartsWith("mean.", StringComparison.Ordinal);

    /// <summary>
    /// In case 2 only differences between anchors count. The gradient of what all have in common is nothing but rounding,
    /// of which Adam makes whole steps.
    /// </summary>
    private static bool IsLearned(string name, string weight) => (name, weight) != ("case2", "encoder.head.bias");

    /// <remarks>Each part of the model as a whole, measured by what was learned.</remarks>
    private static void AssertNear(Safetensors file, string kind, string name, IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        var ours = weights.ToList();
        Assert.Equal(
            file.Tensors.Keys.Where(key => key.StartsWith($"{kind}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            ours.Select(each => $"{kind}.{each.Key}").Order(StringComparer.Ordinal));
        foreach (var part in ours.Where(each => IsLearned(name, each.Key)).GroupBy(each => LznModel.PartOf(each.Key), StringComparer.Ordinal))
        {
            var theirs = Joined(part.Select(each => file.Tensor($"{kind}.{each.Key}")));
            var learned = theirs - Joined(part.Select(each => file.Tensor($"initial.{each.Key}")));
            var error = (Joined(part.Select(each => each.Value)) - theirs).norm() / learned.norm();
            Assert.True(error.item<float>() < 1e-3, $"{kind} {part.Key}: {error.item<float>()}");
        }
    }

    private static Tensor Joined(IEnumerable<Tensor> tensors) => cat(tensors.Select(tensor => tensor.detach().flatten().cpu()).ToArray());
}
