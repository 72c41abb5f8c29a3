using LznPipeline.GpuJob.Tests.Support;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What becomes of the others when a machine says nothing any more. In a class of its own, because it has to be waited for.</summary>
public sealed class VanishingHostTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [TwoHostsFact]
    public async Task Train_AHostVanishes_EndsBothAndSaysWhoIsSilent()
    {
        var job = await _programs.EndlessAsync();
        using var network = new TwoHosts();
        using var second = await _programs.StartHostAsync(network, 1, job, "--group-timeout", "60");
        using var first = await _programs.StartHostAsync(network, 0, job, "--group-timeout", "60");
        await _programs.TrainsAsync(job, first);

        network.Cut();

        await TrainingPrograms.AssertEndAsync(first, second);
        Assert.Matches("^Rank 1 .*silent", (await _programs.Place.StatusAsync(job)).Failure!.Message);
        Assert.Matches("Rank 0 .*silent", second.Output);
    }
}
