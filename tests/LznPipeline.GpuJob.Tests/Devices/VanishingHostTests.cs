using LznPipeline.GpuJob.Tests.Support;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What becomes of the others when a machine says nothing any more. In a class of its own, because it has to be waited for.</summary>
public sealed class VanishingHostTests : IDisposable
{
    private readonly TrainingPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [TwoHostsFact]
    public async Task Train_AHostVanishes_EndsTheOtherWithinAMinute()
    {
        var job = await _programs.EndlessAsync();
        using var network = new TwoHosts();
        using var second = await _programs.StartHostAsync(network, 1, job, "--group-timeout", "20");
        using var first = await _programs.StartHostAsync(network, 0, job, "--group-timeout", "20");
        await _programs.TrainsAsync(job, first);
        var began = TimeProvider.System.GetTimestamp();

        network.Cut();

        await TrainingPrograms.AssertEndSoonAsync(began, first, second);
        Assert.Matches("^Rank 1 .*silent", (await _programs.Place.StatusAsync(job)).Failure!.Message);
        Assert.Matches("Rank 0 .*silent", second.Output);
    }
}
