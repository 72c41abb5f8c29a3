using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What becomes of the others when a process or a machine says nothing any more. These tests wait for it.</summary>
public sealed class SilentRankTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task Train_ARankHangs_EndsAllAndSaysWhich()
    {
        var job = await _programs.EndlessAsync();
        using var leader = await _programs.StartAsync(job, "--devices", "2", "--group-timeout", "25");
        await _programs.TrainsAsync(job, leader);
        var child = Assert.Single(leader.Children);

        await RunningProgram.SignalAsync(child, "STOP");

        Assert.Equal(ExitCode.TryAgain, await leader.EndAsync());
        Assert.Matches($"^Rank 1 \\(process {child} on .*(hang|silent)", (await _programs.Place.StatusAsync(job)).Failure!.Message);
        await Eventually.Becomes(() => RunningProgram.IsAlive(child), alive => !alive);
    }

    [TwoHostsFact]
    public async Task Train_AHostVanishes_EndsTheOtherWithinAMinute()
    {
        var job = await _programs.EndlessAsync();
        using var network = new TwoHosts();
        using var second = await _programs.StartHostAsync(network, 1, job, "auto");
        using var first = await _programs.StartHostAsync(network, 0, job, "auto");
        await _programs.TrainsAsync(job, first);
        var began = TimeProvider.System.GetTimestamp();

        network.Cut();

        Assert.Equal(ExitCode.TryAgain, await first.EndAsync());
        Assert.Equal(ExitCode.TryAgain, await second.EndAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Matches("^Rank 1 .*silent", (await _programs.Place.StatusAsync(job)).Failure!.Message);
        Assert.Matches("Rank 0 .*silent", second.Output);
    }
}
