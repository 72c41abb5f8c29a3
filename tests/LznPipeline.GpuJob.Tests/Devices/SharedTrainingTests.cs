using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>Several ranks train as one device does with the whole batch.</summary>
public sealed class SharedTrainingTests
{
    [Theory,
        InlineData(Objective.Generation, 2), InlineData(Objective.Generation, 4),
        InlineData(Objective.Representation, 2), InlineData(Objective.Representation, 4),
        InlineData(Objective.Joint, 2), InlineData(Objective.Joint, 4)]
    public async Task Step_SeveralRanks_LearnWhatOneDeviceLearns(Objective objective, int size)
    {
        var recipe = Workplace.TinyRecipe(objective);
        using var single = new SingleDevice();
        var (expected, expectedWeights) = Train(recipe, single, steps: 4);

        var results = await Ranks.RunAsync(Ranks.TransportNames[size / 2 % Ranks.TransportNames.Count], size, group => Train(recipe, group, steps: 4));

        foreach (var (step, report) in expected.Index())
        {
            Assert.All(results, result => Assert.Equal(results[0].Reports[step].Loss, result.Reports[step].Loss));
            var shared = results[0].Reports[step];
            Assert.InRange(Math.Abs(shared.Loss / report.Loss - 1), 0, 1e-4);
            Assert.InRange(Math.Abs(shared.GradientNorm / report.GradientNorm - 1), 0, 1e-3);
            Assert.Equal(report.Quantities.Count, shared.Quantities.Count);
            Assert.All(report.Quantities.Zip(shared.Quantities), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        }

        // As a whole: Adam makes a full step of what is nothing but rounding.
        Assert.All(results, result => Assert.Equal(results[0].Weights, result.Weights));
        Assert.Equal(expectedWeights.Length, results[0].Weights.Length);
        Assert.InRange(Norm(expectedWeights.Zip(results[0].Weights, (a, b) => a - b)) / Norm(expectedWeights), 0, 1e-3);
    }

    [Theory, InlineData(Objective.Generation), InlineData(Objective.Representation), InlineData(Objective.Joint)]
    public async Task Step_TwoRanksInParts_LearnWhatOneDeviceLearnsAtOnce(Objective objective)
    {
        var recipe = Workplace.TinyRecipe(objective);
        using var single = new SingleDevice();
        var (expected, expectedWeights) = Train(recipe, single, steps: 4);

        var results = await Ranks.RunAsync(
            Ranks.TransportNames[0], 2, group => Train(recipe with { Training = recipe.Training with { Accumulate = 2 } }, group, steps: 4));

        Assert.Equal(results[0].Weights, results[1].Weights);
        Assert.Equal(expected.Length, results[0].Reports.Length);
        Assert.All(expected.Zip(results[0].Reports), pair => Assert.InRange(Math.Abs(pair.Second.GradientNorm / pair.First.GradientNorm - 1), 0, 1e-3));
        Assert.Equal(expectedWeights.Length, results[0].Weights.Length);
        Assert.InRange(Norm(expectedWeights.Zip(results[0].Weights, (a, b) => a - b)) / Norm(expectedWeights), 0, 1e-3);
    }

    [Fact]
    public async Task Step_TimeOfOneRankIsSpent_AllEndAfterTheSameIteration()
    {
        var recipe = Workplace.TinyRecipe(Objective.Representation, ("training.timeBudget", "\"00:00:10\""));

        var ends = await Ranks.RunAsync(Ranks.TransportNames[0], 2, group =>
        {
            using var scope = NewDisposeScope();
            using var batches = new DrawnBatches(recipe, group);
            var clock = new HandClock();
            using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, group, clock);
            while (run.GoesOn)
            {
                clock.Advance(TimeSpan.FromSeconds(group.Rank == 1 && run.Finished == 2 ? 11 : 0));
                run.Step();
            }

            return (run.Finished, run.IsFinished);
        });

        Assert.Equal([(3, true), (3, true)], ends);
    }

    [Fact]
    public async Task Step_LossOfOneRankIsNoNumber_SkipsTheStepOnAll()
    {
        var recipe = Workplace.TinyRecipe(Objective.Joint);

        var results = await Ranks.RunAsync(Ranks.TransportNames[0], 2, group =>
        {
            using var scope = NewDisposeScope();
            using var batches = new DrawnBatches(recipe, group, spoil: group.Rank == 1);
            using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, group);
            var before = Weights(run);
            var report = run.Step();
            return (report.Skipped, run.Skipped, Changed: !before.SequenceEqual(Weights(run)));
        });

        Assert.All(results, result => Assert.Equal((true, 1, false), result));
    }

    [Fact]
    public async Task Step_OneRankShallStop_AllKnowAfterTheSameIteration()
    {
        var recipe = Workplace.TinyRecipe(Objective.Representation);

        var stops = await Ranks.RunAsync(Ranks.TransportNames[0], 3, group =>
        {
            using var scope = NewDisposeScope();
            using var batches = new DrawnBatches(recipe with { Training = recipe.Training with { BatchSize = 9 } }, group);
            using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, group);
            while (!run.IsStopAgreed)
                run.Step(stop: group.Rank == 2 && run.Finished == 3);
            return run.Finished;
        });

        Assert.Equal([4, 4, 4], stops);
    }

    [Fact]
    public async Task Align_UnlikeWeights_BecomeThoseOfRank0()
    {
        var recipe = Workplace.TinyRecipe(Objective.Joint);

        var weights = await Ranks.RunAsync(Ranks.TransportNames[0], 2, group =>
        {
            using var scope = NewDisposeScope();
            using var batches = new DrawnBatches(recipe, group);
            using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: group.Rank, group);
            var before = Weights(run);
            run.Align();
            return (Before: before, After: Weights(run));
        });

        Assert.NotEqual(weights[0].Before, weights[1].Before);
        Assert.Equal(weights[0].Before, weights[1].After);
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static (StepReport[] Reports, float[] Weights) Train(Recipe recipe, IDeviceGroup group, int steps)
    {
        using var scope = NewDisposeScope();
        using var batches = new DrawnBatches(recipe, group);
        using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, group);
        run.Align();
        var reports = Enumerable.Range(0, steps).Select(_ => run.Step()).ToArray();
        return (reports, Weights(run));
    }

    private static float[] Weights(TrainingRun run) =>
        cat(run.Model.parameters().Select(parameter => parameter.detach().flatten()).ToArray()).data<float>().ToArray();
}
