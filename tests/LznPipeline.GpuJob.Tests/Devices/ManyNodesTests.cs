using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>The program itself, training on several machines, does what it does on one.</summary>
public sealed class ManyNodesTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task Train_TwoNodes_HasTheLossesOfOne()
    {
        var alone = await _programs.TrainedAloneAsync(Workplace.TinyRecipe());
        var nodes = alone with { Step = "train-nodes" };

        using var port = new ReservedPort();
        using var second = await _programs.StartNodeAsync(nodes, 1, port, devices: 2);
        using var first = await _programs.StartNodeAsync(nodes, 0, port, devices: 2);

        await first.SucceedsAsync();
        await second.SucceedsAsync();
        await _programs.AssertSameLossesAsync(alone, nodes);
    }

    [TwoHostsTheory, InlineData("auto", Objective.Representation), InlineData("sockets", Objective.Joint)]
    public async Task Train_TwoHosts_HasTheLossesOfOne(string transport, Objective objective)
    {
        var alone = await _programs.TrainedAloneAsync(Workplace.TinyRecipe(objective));
        var hosts = alone with { Step = "train-hosts" };

        using var network = new TwoHosts();
        using var second = await _programs.StartHostAsync(network, 1, hosts, "--transport", transport);
        using var first = await _programs.StartHostAsync(network, 0, hosts, "--transport", transport);

        await first.SucceedsAsync();
        await second.SucceedsAsync();
        await _programs.AssertSameLossesAsync(alone, hosts);
    }
}
