using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>The program itself, training in several processes, does what it does in one.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Theory, InlineData("2", "auto", Objective.Joint), InlineData("4", "sockets", Objective.Generation), InlineData("4", "auto", Objective.Representation)]
    public async Task Train_SeveralProcesses_HasTheLossesOfOne(string devices, string transport, Objective objective)
    {
        var alone = await _programs.TrainedAloneAsync(Workplace.TinyRecipe(objective));
        var several = alone with { Step = "train-several" };

        using var together = await _programs.StartAsync(several, "--devices", devices, "--transport", transport);
        await together.SucceedsAsync();

        await _programs.AssertSameLossesAsync(alone, several);
        Assert.Contains($"of {devices} on", together.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_LeaderIsTerminated_SavesOnceAndGoesOnWithOtherDevices()
    {
        var whole = await _programs.TrainedAloneAsync(Workplace.TinyRecipe(
            ("training.iterations", "60"), ("training.checkpointEvery", "100000"), ("training.samplesEvery", "20")));
        var stopped = whole with { Step = "train-stopped" };
        var obstacle = _programs.Place.Obstruct(BlobLayout.JobSamples(stopped.RunId, stopped.Step, 20));      // the leader waits there
        using var leader = await _programs.StartAsync(stopped, "--devices", "2");
        await _programs.TrainsAsync(stopped, leader);
        var child = Assert.Single(leader.Children);

        await leader.SignalAsync("TERM");
        await Eventually.Becomes(() => leader.Output, output => output.Contains("Asked to stop", StringComparison.Ordinal));
        obstacle.Dispose();

        Assert.Equal(ExitCode.Interrupted, await leader.EndAsync());
        var status = await _programs.Place.StatusAsync(stopped);
        Assert.Equal(JobState.Interrupted, status.State);
        Assert.False(RunningProgram.IsAlive(child));
        using var again = await _programs.StartAsync(stopped, "--devices", "4");
        await again.SucceedsAsync();
        await _programs.AssertSameLossesAsync(whole, stopped);
    }
}
