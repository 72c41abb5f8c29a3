using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What becomes of the others when a process ends.</summary>
public sealed class FailingRankTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task Train_ARankIsKilled_EndsAllAndSaysWhichFirst()
    {
        var job = await _programs.EndlessAsync();
        using var leader = await _programs.StartAsync(job, "--devices", "3");
        await _programs.TrainsAsync(job, leader);
        var children = leader.Children;

        await RunningProgram.SignalAsync(children[1], "KILL");

        await TrainingPrograms.AssertEndAsync(leader);
        var status = await _programs.Place.StatusAsync(job);
        Assert.Equal(JobState.Failed, status.State);
        Assert.Matches($"^Rank [12] \\(process {children[1]} on .*\\) was killed by signal 9", status.Failure!.Message);
        await Eventually.Becomes(() => children.Count(RunningProgram.IsAlive), alive => alive == 0);
    }

    [TwoHostsTheory, InlineData(0), InlineData(1)]
    public async Task Train_TheRankOfOneHostIsKilled_EndsTheOtherAndSaysWhichFirst(int victim)
    {
        var job = await _programs.EndlessAsync();
        using var network = new TwoHosts();
        using var second = await _programs.StartHostAsync(network, 1, job);
        using var first = await _programs.StartHostAsync(network, 0, job);
        await _programs.TrainsAsync(job, first);
        var (killed, left) = victim == 0 ? (first, second) : (second, first);

        await killed.SignalAsync("KILL");

        await TrainingPrograms.AssertEndAsync(left);
        Assert.Matches($"Rank {victim} .*(ended without a word|is gone: its process ended)", left.Output);
    }

    [Fact]
    public async Task Train_LeaderIsKilled_LeavesNoOrphans()
    {
        var job = await _programs.EndlessAsync();
        using var leader = await _programs.StartAsync(job, "--devices", "3");
        await _programs.TrainsAsync(job, leader);
        var children = leader.Children;
        Assert.Equal(2, children.Count(RunningProgram.IsAlive));

        await leader.SignalAsync("KILL");

        await Eventually.Becomes(() => children.Count(RunningProgram.IsAlive), alive => alive == 0);
    }
}
