using System.Text.Json;
using LznPipeline.Cli;
using LznPipeline.Shared;
using LznPipeline.Shared.Requests;

namespace LznPipeline.EndToEnd.Tests;

[Collection(OnePipeline.Name)]
public sealed class BadInputTests(PipelineFixture pipeline) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lzn-bad-input-").FullName;

    [Theory]
    [InlineData("\"case3-small\"", "\"case9\"", "preset is 'case9'", "case3-small")]
    [InlineData("\"training.batchSize\":32", "\"training.batchSize\":\"many\"", "training.batchSize is \"many\"", "a whole number without quotes")]
    [InlineData("\"training.batchSize\":32", "\"training.batchSize\":-8", "training.batchSize is -8", "2 to 65536")]
    [InlineData("\"imagesPerPart\":1", "\"imagesPerPart\":0", "imagesPerPart is 0", "1 to 1000000")]
    [InlineData("\"seed\":0", "\"sead\":0", "sead", "seed")]
    public async Task Train_WrongField_IsRefusedWithFieldAndWhatIsAllowed(string right, string wrong, string named, string allowed)
    {
        var json = JsonSerializer.Serialize(pipeline.Request("wrong"), LznJson.Options);
        Assert.Contains(right, json, StringComparison.Ordinal);

        var refusal = await Assert.ThrowsAsync<CliException>(() => pipeline.Client.TrainAsync(json.Replace(right, wrong, StringComparison.Ordinal), default));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NoImages_FailsAndNamesTheFolder() => await AssertFailsAsync("no-images", "no images");

    [Fact]
    public async Task Train_TruncatedJpeg_FailsAndNamesTheFile()
    {
        Copy("circle", 4);
        Copy("star", 4);
        var cut = Directory.GetFiles(Path.Combine(_folder, "star"), "*.jpg")[0];
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(cut))[..300]);

        await AssertFailsAsync("truncated-jpeg", Path.GetFileName(cut));
    }

    [Fact]
    public async Task Train_OneImage_FailsAndNamesIt()
    {
        Copy("star", 1);

        await AssertFailsAsync("one-image", "is the only image");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Copy(string label, int count)
    {
        var to = Directory.CreateDirectory(Path.Combine(_folder, label)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(pipeline.Pictures, label)).Order(StringComparer.Ordinal).Take(count))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>The run fails, says why, and leaves nothing where readers look.</summary>
    private async Task AssertFailsAsync(string name, string reason)
    {
        var request = pipeline.Request(name) with { Dataset = new DatasetRequest { Name = name, Source = _folder } };

        var run = await pipeline.RunAsync(request);

        Assert.Equal("Failed", run.Status);
        Assert.Contains(reason, run.Failure, StringComparison.Ordinal);
        foreach (var prefix in new[] { $"datasets/{name}/", $"models/{name}/", $"embeddings/{name}/" })
            Assert.Empty(await pipeline.Store.ListAsync(prefix, default).ToListAsync());
    }
}
