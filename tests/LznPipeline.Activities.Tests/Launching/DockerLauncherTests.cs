using LznPipeline.Activities.Launching;
using LznPipeline.Activities.Options;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.Activities.Tests.Launching;

public sealed class DockerLauncherTests
{
    private static readonly JobLaunch Launch = new(new JobRef("cats-0123", "train-89ab"), "train", 3);

    [Fact]
    public void RunArguments_Job_NameTheAttemptAndPassStorageByNameOnly()
    {
        var arguments = DockerLauncher.RunArguments(Launch, new DockerOptions { DataFolder = "/data" });

        Assert.Equal(
            "run --detach --init --name lzn-cats-0123-train-89ab-3 --network host --env AzureWebJobsStorage "
            + "--gpus all --volume /data:/data:ro lzn-gpu train --job runs/cats-0123/train-89ab/job.json --attempt 3",
            string.Join(' ', arguments));
    }

    [Fact]
    public void RunArguments_NoGpus_AsksForNone() => Assert.DoesNotContain("--gpus", DockerLauncher.RunArguments(Launch, new DockerOptions { Gpus = "" }));
}
