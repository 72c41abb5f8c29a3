using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Optimization;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 0, 0.01)]
    [InlineData(0, 99, 0.01)]
    [InlineData(0, 150, 0.01)]          // weights that another program has trained for longer
    [InlineData(0.2, 80, 0.01)]
    [InlineData(0.2, 90, 0.005)]
    [InlineData(0.2, 99, 0.0005)]
    [InlineData(0.2, 150, 0.0005)]
    [InlineData(1, 50, 0.005)]
    public void At_NearTheEnd_FallsInAStraightLineIfTheRecipeSaysSo(double coolDown, long steps, double rate)
    {
        var training = Recipe(warmUp: 0, coolDown);

        Assert.Equal(rate, LearningRateSchedule.At(training, LznModel.EncoderName, steps), 12);
    }

    [Theory]
    [InlineData(0, 0.001)]
    [InlineData(5, 0.0055)]
    [InlineData(10, 0.01)]
    [InlineData(50, 0.01)]
    public void At_InTheBeginning_RisesInAStraightLine(long steps, double rate) =>
        Assert.Equal(rate, LearningRateSchedule.At(Recipe(warmUp: 10, coolDown: 0.2), LznModel.EncoderName, steps), 12);

    private static TrainingRecipe Recipe(int warmUp, double coolDown) => new()
    {
        BatchSize = 8,
        Iterations = 100,
        LearningRate = new LearningRates { Encoder = 0.01 },
        WarmupIterations = warmUp,
        CoolDown = coolDown,
        EmaDecay = 0.9,
        ClipNorm = 1,
        CheckpointEvery = 10,
    };
}
