using System.Text.Json;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Tests.Jobs;

public sealed class JobSpecTests
{
    private static readonly JobSpec Job =
        new PrepareJob("run-1", "prepare", new DatasetRef("cats", "0123456789abcdef"), new DatasetRequest { Name = "cats", Source = "/data/cats" });

    [Fact]
    public void Serialize_AnyJob_IsReadBackAsItsKind()
    {
        var json = JsonSerializer.Serialize(Job, LznJson.Options);

        Assert.Equal(Job, JsonSerializer.Deserialize<JobSpec>(json, LznJson.Options));
        Assert.StartsWith("""{"kind":"prepare",""", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Keyed_SameInput_IsTheSameFolderOfTheStepsName()
    {
        Assert.Equal(Job.Keyed(), (Job with { }).Keyed());
        Assert.Matches("^prepare-[0-9a-f]{8}$", Job.Keyed().Step);
        Assert.Equal("prepare", Job.Keyed().Ref.Name);
    }

    [Fact]
    public void Keyed_AnotherInput_IsAnotherFolder()
    {
        var other = ((PrepareJob)Job) with { Dataset = new DatasetRef("cats", "fedcba9876543210") };

        Assert.NotEqual(Job.Keyed().Step, other.Keyed().Step);
    }

    [Theory]
    [InlineData("embed-00003-0a1b2c3d", "embed-00003")]
    [InlineData("train-0a1b2c3d", "train")]
    [InlineData("train", "train")]
    [InlineData("embed-00003", "embed-00003")]
    public void NameOf_Folder_IsTheStep(string folder, string name) => Assert.Equal(name, JobRef.NameOf(folder));
}
