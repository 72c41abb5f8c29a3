using System.Diagnostics;
using System.Text.Json;
using LznPipeline.Activities.Planning;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Tests.Planning;

/// <remarks>The pipeline of these tests allows the temporary folder and blobs below <c>uploads/</c>.</remarks>
public sealed class SourceCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-source-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_SourcesWhereTheyMayLie_Pass()
    {
        var store = new FolderArtifactStore(Path.Combine(_folder.FullName, "store"));
        await store.WriteAsync("uploads/cats.tar", new MemoryStream([1]), default);

        Assert.Empty(await ProblemsAsync(_folder.FullName, store));
        Assert.Empty(await ProblemsAsync(File("cats.tar", "x"), store));
        Assert.Empty(await ProblemsAsync("blob:uploads/cats.tar", store));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/dev/zero")]
    [InlineData("/proc/self/environ")]
    [InlineData("{folder}/../../etc/passwd")]
    [InlineData("{folder}/link-out")]
    [InlineData("{folder}/link-out/passwd")]
    [InlineData("{folder}/crooked")]
    [InlineData("{folder}/circle/x")]
    [InlineData("blob:models/secret/weights.safetensors")]
    [InlineData("blob:uploads/missing.tar")]
    [InlineData("{folder}/missing")]
    [InlineData("{folder}/empty.tar")]
    [InlineData("{folder}/pipe")]
    public async Task Check_SourceElsewhereOrNotThere_IsNamedAndRefused(string source)
    {
        File("empty.tar", "");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link-out"), "/etc");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder.FullName, "crooked"), "link-out/../etc/passwd");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder.FullName, "circle"), Path.Combine(_folder.FullName, "circle"));
        using (var made = Process.Start("mkfifo", Path.Combine(_folder.FullName, "pipe")))
            await made.WaitForExitAsync();
        var store = new FolderArtifactStore(Path.Combine(_folder.FullName, "store"));
        await store.WriteAsync("models/secret/weights.safetensors", new MemoryStream([1]), default);
        var address = source.Replace("{folder}", _folder.FullName, StringComparison.Ordinal);

        var problem = Assert.Single(await ProblemsAsync(address, store));

        Assert.Equal(("dataset.source", $"'{address}'"), (problem.Field, problem.Given));
    }

    [Fact]
    public async Task Check_CheckpointElsewhere_IsRefusedToo()
    {
        var pipeline = new Pipeline(new FolderArtifactStore(Path.Combine(_folder.FullName, "store")), "cats");
        var request = pipeline.Request with { Dataset = pipeline.Request.Dataset with { Source = _folder.FullName }, StartFrom = "/etc/passwd" };

        var refused = await Assert.ThrowsAsync<OptionsException>(() => pipeline.Activity<SourceCheck>().ThrowUnlessReadableAsync(request, default));

        Assert.Equal("startFrom", Assert.Single(refused.Problems).Field);
    }

    [Fact]
    public async Task ValidateRequest_RunWasStartedAnotherWay_RefusesItsSourceAndKeepsNothing()
    {
        var store = new FolderArtifactStore(Path.Combine(_folder.FullName, "store"));
        var pipeline = new Pipeline(store, "cats");
        var request = pipeline.Request with { Dataset = pipeline.Request.Dataset with { Source = "/etc" } };

        await Assert.ThrowsAsync<OptionsException>(() => pipeline.Activity<ValidateRequest>().RunAsync(new RunRequest("cats-1", request), default));

        Assert.Empty(await store.ListAsync("", default).ToArrayAsync());
    }

    [Fact]
    public async Task Check_FeatureNetwork_IsAProgramAndRefused()
    {
        var store = new FolderArtifactStore(Path.Combine(_folder.FullName, "store"));
        await store.WriteAsync("uploads/network.pt", new MemoryStream([1]), default);
        var pipeline = new Pipeline(store, "cats");
        var request = pipeline.Request with
        {
            Dataset = pipeline.Request.Dataset with { Source = _folder.FullName },
            Set = new() { ["evaluation.images.featureNetwork.source"] = JsonSerializer.SerializeToElement("blob:uploads/network.pt") },
        };

        var refused = await Assert.ThrowsAsync<OptionsException>(() => pipeline.Activity<SourceCheck>().ThrowUnlessReadableAsync(request, default));

        Assert.Contains("Lzn:AllowTorchScript", Assert.Single(refused.Problems).Allowed, StringComparison.Ordinal);
    }

    private string File(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    private static async Task<IReadOnlyList<Problem>> ProblemsAsync(string source, ArtifactStore store)
    {
        var pipeline = new Pipeline(store, "cats");
        try
        {
            await pipeline.Activity<SourceCheck>().ThrowUnlessReadableAsync(
                pipeline.Request with { Dataset = pipeline.Request.Dataset with { Source = source } }, default);
            return [];
        }
        catch (OptionsException refused)
        {
            return refused.Problems;
        }
    }
}
