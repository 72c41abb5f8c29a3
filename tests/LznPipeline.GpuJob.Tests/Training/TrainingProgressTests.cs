using LznPipeline.GpuJob.Training;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class TrainingProgressTests
{
    [Fact]
    public void PauseAfter_MonthsOfTraining_AppendsFewerBlocksThanABlobTakes()
    {
        const int MaxBlocks = 50_000;
        var (trained, appends) = (TimeSpan.Zero, 0);

        for (; trained < TimeSpan.FromDays(120) && appends < MaxBlocks; appends++)
            trained += TrainingProgress.PauseAfter(trained);

        Assert.InRange(appends, 0, MaxBlocks * 4 / 5);      // checkpoints append, too
    }

    [Fact]
    public void PauseAfter_FirstMinutes_IsSecondsSoThatPeopleSeeSomething() =>
        Assert.Equal(TimeSpan.FromSeconds(5), TrainingProgress.PauseAfter(TimeSpan.FromMinutes(8)));
}
