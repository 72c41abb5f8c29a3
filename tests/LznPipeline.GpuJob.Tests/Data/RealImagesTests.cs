using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Tests.Data;

public sealed class RealImagesTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [RealImagesFact]
    public async Task Prepare_Cifar10_FindsTenClassesAndNoBrokenImage()
    {
        var job = Workplace.Prepare(Workplace.Request(RealImagesFactAttribute.Tar!) with { MaxImages = 500 });      // the test is skipped without it

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var manifest = (await _place.ResultAsync<PrepareJobResult>(job)).Manifest;
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], manifest.Classes);
        Assert.All(manifest.Classes.Select((_, label) => manifest.Splits.Values.Sum(split => split.ImagesPerClass[label])), count => Assert.Equal(50, count));
    }
}
