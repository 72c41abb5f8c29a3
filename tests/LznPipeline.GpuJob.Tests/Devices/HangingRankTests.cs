using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What becomes of the others when a process hangs. In a class of its own, because it has to be waited for.</summary>
public sealed class HangingRankTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task Train_ARankHangs_EndsAllAndSaysWhich()
    {
        var job = await _programs.EndlessAsync();
        using var leader = await _programs.StartAsync(job, "--devices", "2", "--group-timeout", "60");
        await _programs.TrainsAsync(job, leader);
        var child = Assert.Single(leader.Children);

        await RunningProgram.SignalAsync(child, "STOP");

        Assert.Equal(ExitCode.TryAgain, await leader.EndAsync());
        Assert.Matches($"^Rank 1 \\(process {child} on .*(hang|silent)", (await _programs.Place.StatusAsync(job)).Failure!.Message);
        await Eventually.Becomes(() => RunningProgram.IsAlive(child), alive => !alive);
    }
}
