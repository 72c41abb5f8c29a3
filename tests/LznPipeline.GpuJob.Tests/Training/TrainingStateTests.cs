using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Training;

/// <summary>
/// Whose memory is whose. A part of a model with a single parameter, as label anchors are,
/// is where a vector of all its numbers may come to be that parameter itself.
/// </summary>
public sealed class TrainingStateTests : IDisposable
{
    private readonly SingleDevice _device = new();

    public void Dispose() => _device.Dispose();

    [Theory, InlineData(Objective.Generation), InlineData(Objective.Representation), InlineData(Objective.Joint)]
    public void RunningMeans_WeightsChange_StayAsTheyAre(Objective objective)
    {
        using var scope = NewDisposeScope();
        using var run = Run(objective);
        run.Step();
        var means = run.Ema.Named().ToDictionary(each => each.Key, each => Convert.ToHexString(each.Value.bytes));
        using var frozen = no_grad();

        foreach (var parameter in run.Model.parameters())
            parameter.fill_(7);

        Assert.NotEmpty(means);
        Assert.All(run.Ema.Named(), each => Assert.Equal(means[each.Key], Convert.ToHexString(each.Value.bytes)));
    }

    [Theory, InlineData(Objective.Generation), InlineData(Objective.Representation), InlineData(Objective.Joint)]
    public void Average_WeightsAndMeansChange_StaysAsItIs(Objective objective)
    {
        using var scope = NewDisposeScope();
        using var run = Run(objective);
        run.Step();
        using var average = run.Average();
        var before = average.Weights().ToDictionary(each => each.Key, each => Convert.ToHexString(each.Value.bytes));

        run.Step();

        Assert.NotEmpty(before);
        Assert.All(average.Weights(), each => Assert.Equal(before[each.Key], Convert.ToHexString(each.Value.bytes)));
    }

    /// <summary>It is written in the background while training goes on.</summary>
    [Theory, InlineData(Objective.Generation), InlineData(Objective.Representation), InlineData(Objective.Joint)]
    public void Snapshot_TrainingGoesOn_WritesWhatWasWhenItWasTaken(Objective objective)
    {
        using var scope = NewDisposeScope();
        using var run = Run(objective);
        run.Step();
        using var snapshot = run.Snapshot();
        var before = Written(snapshot);

        run.Step();

        Assert.Equal(before, Written(snapshot));
        using var next = run.Snapshot();
        Assert.NotEqual(before, Written(next));
    }

    /// <summary>
    /// But for those that TorchSharp counts, and never counts as ended, though they are nothing:
    /// the missing gradient of an output of a flow on which no loss depends.
    /// </summary>
    [Theory, InlineData(Objective.Generation, 1), InlineData(Objective.Representation, 2), InlineData(Objective.Joint, 3)]
    public void Step_OneMore_LeavesAsManyTensorsAsBefore(Objective objective, int missing)
    {
        using var scope = NewDisposeScope();
        using var run = Run(objective, ("training.accumulate", "2"), ("training.batchSize", "8"));
        run.Step();
        run.Step();
        var before = Living();

        run.Step();

        Assert.Equal(before + missing, Living());
    }

    private static long Living() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static string Written(TrainingSnapshot snapshot)
    {
        using var file = new MemoryStream();
        snapshot.Write(file);
        return Convert.ToHexString(file.ToArray());
    }

    private TrainingRun Run(Objective objective, params (string Field, string Json)[] set)
    {
        var recipe = Workplace.TinyRecipe(objective, set);
        return new TrainingRun(recipe, new DrawnBatches(recipe, _device), DrawnBatches.Classes, seed: 1, _device);
    }
}
