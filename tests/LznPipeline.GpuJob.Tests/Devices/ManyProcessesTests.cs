using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>The program itself, training in several processes, does what it does in one.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Theory, InlineData("2", "auto"), InlineData("4", "sockets")]
    public async Task Train_SeveralProcesses_HasTheLossesOfOne(string devices, string transport)
    {
        await _programs.Place.PublishDatasetAsync();
        var (one, several) = (Workplace.Train(Workplace.TinyRecipe(), "train-one"), Workplace.Train(Workplace.TinyRecipe(), "train-several"));

        using var alone = await _programs.StartAsync(one, "--devices", "1");
        await alone.SucceedsAsync();
        using var together = await _programs.StartAsync(several, "--devices", devices, "--transport", transport);
        await together.SucceedsAsync();

        await _programs.AssertSameLossesAsync(one, several);
        Assert.Contains($"of {devices} on", together.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TwoNodes_HasTheLossesOfOne()
    {
        await _programs.Place.PublishDatasetAsync();
        var (one, nodes) = (Workplace.Train(Workplace.TinyRecipe(), "train-one"), Workplace.Train(Workplace.TinyRecipe(), "train-nodes"));
        using var alone = await _programs.StartAsync(one, "--devices", "1");
        await alone.SucceedsAsync();

        using var port = new ReservedPort();
        using var second = await _programs.StartNodeAsync(nodes, 1, port, devices: 2);
        using var first = await _programs.StartNodeAsync(nodes, 0, port, devices: 2);

        await first.SucceedsAsync();
        await second.SucceedsAsync();
        await _programs.AssertSameLossesAsync(one, nodes);
    }

    [TwoHostsTheory, InlineData("auto"), InlineData("sockets")]
    public async Task Train_TwoHosts_HasTheLossesOfOne(string transport)
    {
        await _programs.Place.PublishDatasetAsync();
        var (one, hosts) = (Workplace.Train(Workplace.TinyRecipe(), "train-one"), Workplace.Train(Workplace.TinyRecipe(), "train-hosts"));
        using var alone = await _programs.StartAsync(one, "--devices", "1");
        await alone.SucceedsAsync();

        using var network = new TwoHosts();
        using var second = await _programs.StartHostAsync(network, 1, hosts, transport);
        using var first = await _programs.StartHostAsync(network, 0, hosts, transport);

        await first.SucceedsAsync();
        await second.SucceedsAsync();
        await _programs.AssertSameLossesAsync(one, hosts);
    }

    [Fact]
    public async Task Train_LeaderIsTerminated_SavesOnceAndGoesOnWithOtherDevices()
    {
        await _programs.Place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(("training.iterations", "60"), ("training.checkpointEvery", "100000"));
        var (whole, stopped) = (Workplace.Train(recipe, "train-whole"), Workplace.Train(recipe, "train-stopped"));
        using var alone = await _programs.StartAsync(whole, "--devices", "1");
        await alone.SucceedsAsync();
        using var leader = await _programs.StartAsync(stopped, "--devices", "2");
        await _programs.TrainsAsync(stopped, leader);
        var child = Assert.Single(leader.Children);

        await leader.SignalAsync("TERM");

        Assert.Equal(ExitCode.Interrupted, await leader.EndAsync());
        var status = await _programs.Place.StatusAsync(stopped);
        Assert.Equal(JobState.Interrupted, status.State);
        Assert.False(RunningProgram.IsAlive(child));
        using var again = await _programs.StartAsync(stopped, "--devices", "4");
        await again.SucceedsAsync();
        await _programs.AssertSameLossesAsync(whole, stopped);
    }
}
