using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Optimization;

public sealed class GradScalerTests
{
    [Fact]
    public void Update_ManyStepsTaken_DoublesTheFactorAndBeginsToCountAnew()
    {
        var scale = new GradScaler();

        for (var step = 0; step < GradScaler.GrowEvery; step++)
            scale.Update(taken: true);

        Assert.Equal((2 * GradScaler.Initial, 0), (scale.Factor, scale.Steps));
    }

    [Fact]
    public void Update_StepSkipped_HalvesTheFactorDownToOne()
    {
        var scale = new GradScaler();
        scale.Update(taken: true);
        scale.Update(taken: false);
        Assert.Equal((GradScaler.Initial / 2, 0), (scale.Factor, scale.Steps));

        for (var step = 0; step < 100; step++)
            scale.Update(taken: false);

        Assert.Equal(1, scale.Factor);
    }

    [Fact]
    public void Step_ScaledLoss_LearnsTheSameBits()
    {
        var (plain, scaled) = (Train(scale: null, steps: 3), Train(new GradScaler(), steps: 3));

        Assert.Equal((0, 0), (plain.Skipped, scaled.Skipped));
        Assert.Equal(plain.Weights, scaled.Weights);
    }

    [Fact]
    public void Step_LossIsNoNumber_SkipsTheStepAndHalvesTheFactor()
    {
        var scale = new GradScaler();

        var (_, skipped) = Train(scale, steps: 2, spoil: true);

        Assert.Equal((2, GradScaler.Initial / 4), (skipped, scale.Factor));
    }

    [Fact]
    public void Load_SavedFactor_GoesOnWithIt()
    {
        using var saved = new MemoryStream();
        var scale = new GradScaler();
        scale.Update(taken: false);
        Use(Workplace.TinyRecipe(), scale, run =>
        {
            run.Step();
            using var state = run.Snapshot();
            state.Write(saved);
        });

        var resumed = new GradScaler();
        Use(Workplace.TinyRecipe(), resumed, run => run.Load(new MemoryStream(saved.ToArray()), "saved"));

        Assert.Equal((GradScaler.Initial / 2, 1), (resumed.Factor, resumed.Steps));
    }

    private static (float[] Weights, long Skipped) Train(GradScaler? scale, int steps, bool spoil = false)
    {
        var (weights, skipped) = (Array.Empty<float>(), 0L);
        Use(Workplace.TinyRecipe(Objective.Joint), scale, spoil: spoil, use: run =>
        {
            for (var step = 0; step < steps; step++)
                run.Step();
            weights = cat([.. run.Model.parameters().Select(parameter => parameter.detach().flatten())]).data<float>().ToArray();
            skipped = run.Skipped;
        });
        return (weights, skipped);
    }

    private static void Use(Recipe recipe, GradScaler? scale, Action<TrainingRun> use, bool spoil = false)
    {
        using var scope = NewDisposeScope();
        using var single = new SingleDevice();
        using var batches = new DrawnBatches(recipe, single, spoil);
        using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, single) { Scaler = scale };
        use(run);
    }
}
