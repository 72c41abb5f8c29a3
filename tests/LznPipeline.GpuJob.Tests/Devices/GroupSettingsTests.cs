using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>Settings of several processes that cannot be.</summary>
public sealed class GroupSettingsTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task Train_BatchThatDevicesCannotShare_IsRefusedByName()
    {
        await _programs.Place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe());
        using var leader = await _programs.StartAsync(job, "--devices", "3");

        Assert.Equal(ExitCode.JobIsWrong, await leader.EndAsync());

        Assert.Contains(
            "training.batchSize is 8. Allowed: a multiple of the number of devices, here 3",
            (await _programs.Place.StatusAsync(job)).Failure!.Message,
            StringComparison.Ordinal);
    }

    [Theory, InlineData("--device", "gpu"), InlineData("--device", "")]
    public async Task Train_UnknownDevice_IsRefusedByName(string option, string value)
    {
        await _programs.Place.PublishDatasetAsync();
        using var program = await _programs.StartAsync(Workplace.Train(Workplace.TinyRecipe()), option, value);

        Assert.Equal(ExitCode.JobIsWrong, await program.EndAsync());

        Assert.Contains($"{option} is '{value}'. Allowed: cpu, cuda or auto", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_UnknownTransport_IsRefusedWithThoseThereAre()
    {
        await _programs.Place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe());
        using var leader = await _programs.StartAsync(job, "--devices", "2", "--transport", "pigeons");

        Assert.Equal(ExitCode.JobIsWrong, await leader.EndAsync());

        Assert.Matches("--transport is 'pigeons'. Allowed.*auto.*sockets", (await _programs.Place.StatusAsync(job)).Failure!.Message);
    }

    [Fact]
    public async Task Train_NodesDisagreeOnTheWorld_EndsBothWithBothNumbers()
    {
        var job = await _programs.EndlessAsync();
        using var port = new ReservedPort();
        using var second = await _programs.StartNodeAsync(job, 1, port, devices: 2);
        using var first = await _programs.StartNodeAsync(job, 0, port, devices: 1);

        Assert.Equal(ExitCode.JobIsWrong, await first.EndAsync());
        Assert.Equal(ExitCode.JobIsWrong, await second.EndAsync());

        Assert.Matches("counts 4 ranks in all, rank 0 counts 2.*WORLD_SIZE", (await _programs.Place.StatusAsync(job)).Failure!.Message);
        Assert.Contains("counts 4 ranks in all", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NodeRankOutOfRange_IsRefusedAtOnce()
    {
        var job = await _programs.EndlessAsync();
        using var port = new ReservedPort();
        using var node = await _programs.StartNodeAsync(job, 7, port, devices: 1);

        Assert.Equal(ExitCode.JobIsWrong, await node.EndAsync());

        Assert.Contains("NODE_RANK is '7'. Allowed: 0 to 1", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_MasterDoesNotAnswer_SaysWhereItLooked()
    {
        var job = await _programs.EndlessAsync();
        using var port = new ReservedPort();
        using var node = await _programs.StartNodeAsync(job, 1, port, devices: 1, "--group-timeout", "1");

        Assert.Equal(ExitCode.TryAgain, await node.EndAsync());

        Assert.Matches($"did not answer at 127.0.0.1:{port.Number} within 1 s .*MASTER_ADDR and MASTER_PORT", node.Output);
    }
}
