using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Timers;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.Orchestrations.Tests.Workflows;

[Collection(OneHostAtATime.Name)]
public sealed class ReembedNightlyTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly FakeSource _source = FakeSource.Create();
    private readonly string _name = azurite.NewPrefix();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lzn-state-");

    [Fact]
    public async Task Night_PartWasLost_EmbedsOnlyThatOneAndAnotherFiringNothing()
    {
        await using var host = await PipelineHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), _state.FullName);
        var run = await host.WaitAsync(
            await host.TrainAsync(new { name = _name, dataset = new { name = _name, source = _source.Images }, imagesPerPart = 10 }), "Completed");
        var folder = run.Result!.Embeddings.Folder;
        var before = await host.Store.ReadJsonAsync<EmbeddingManifest>($"{folder}/{BlobLayout.EmbeddingManifest}", default);
        await host.Store.DeleteAsync($"{folder}/{BlobLayout.EmbeddingPart(2)}", default);

        var first = await NightAsync(host);
        var second = await NightAsync(host);

        Assert.Equal((first.InstanceId, first.CreatedTime, first.LastUpdatedTime), (second.InstanceId, second.CreatedTime, second.LastUpdatedTime));
        Assert.Equal(["embed-00002"], _source.Begun[7..].Select(line => line.Split(' ')[0][..^9]));
        var after = await host.Store.ReadJsonAsync<EmbeddingManifest>($"{folder}/{BlobLayout.EmbeddingManifest}", default);
        Assert.Equal(before.Parts, after.Parts);
        Assert.NotNull(await host.Store.LengthAsync($"{folder}/{BlobLayout.EmbeddingPart(2)}", default));
    }

    public void Dispose()
    {
        Directory.Delete(Path.GetDirectoryName(_source.Images)!, recursive: true);
        _state.Delete(recursive: true);
    }

    /// <summary>Fires the timer's function and waits for what it started for our dataset.</summary>
    private async Task<Instance> NightAsync(PipelineHost host)
    {
        await host.StartFunctionAsync(nameof(ReembedNightly));
        return await Eventually.BecomesAsync(
            async () => (await host.InstancesAsync("reembed-"))
                .SingleOrDefault(night => night.InstanceId.EndsWith($"-{_name}-{_name}", StringComparison.Ordinal)),
            night => night is { Name: nameof(ReembedWorkflow), RuntimeStatus: "Completed" }) ?? throw new Xunit.Sdk.XunitException("There was none.");
    }
}
