using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Features;

/// <summary>The networks of networks.py.</summary>
public sealed class TorchScriptFeaturesTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    internal static string Network(string name) => Path.Combine(AppContext.BaseDirectory, "Evaluation", "Features", $"{name}.pt");

    [Fact]
    public async Task Of_NetworkThatReturnsATuple_GivesFeaturesLogitsAndSpatialOnes()
    {
        using var network = await LoadAsync(Network("all"));
        var images = rand(5, 3, 8, 8, generator: new Generator(1));

        var features = network.Of(images);

        Assert.Equal([5, 6], features.Pooled.shape);
        Assert.InRange((features.Pooled.narrow(1, 0, 3) - images.mean([2, 3])).abs().max().item<float>(), 0, 1e-6);
        Assert.Equal([5, 2], features.Logits!.shape);
        Assert.Equal([5, 4], features.Spatial!.shape);
        Assert.Equal(ContentHash.Sha256(await File.ReadAllBytesAsync(Network("all"))), network.Provenance.Sha256);
    }

    [Fact]
    public async Task Of_NetworkThatReturnsPooledMaps_FlattensThemAndHasNoOthers()
    {
        using var network = await LoadAsync(Network("features"));

        var features = network.Of(ones(2, 3, 8, 8));

        Assert.Equal([2, 3], features.Pooled.shape);
        Assert.Null(features.Logits);
        Assert.Null(features.Spatial);
    }

    [Fact]
    public async Task Of_NetworkOfAFixedSize_SeesImagesResized()
    {
        using var network = await LoadAsync(Network("fixed"), size: 16);

        Assert.Equal([2, 4], network.Of(ones(2, 3, 8, 8)).Pooled.shape);
        Assert.Equal("from 8 to 16 pixels a side, bilinear", network.Provenance.Resize);
    }

    [Fact]
    public async Task Of_NetworkOfAnotherSize_SaysWhatItWasGivenAndWhatItMustTake()
    {
        using var network = await LoadAsync(Network("fixed"));

        var wrong = Assert.Throws<BadInputException>(() => network.Of(ones(2, 3, 8, 8)));

        Assert.Contains("failed on images of shape [2, 3, 8, 8]", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("[B, 3, S, S] in [-1, 1]", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_NetworkThatReturnsImages_NamesTheirShape()
    {
        using var network = await LoadAsync(Network("images"));

        Assert.Contains(
            "features of shape [2, 3, 8, 8] for 2 images",
            Assert.Throws<BadInputException>(() => network.Of(ones(2, 3, 8, 8))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_BlobOfTheContainer_IsRead()
    {
        await _place.Store.WriteAsync("features/net.pt", new MemoryStream(await File.ReadAllBytesAsync(Network("features"))), default);

        using var network = await LoadAsync("blob:features/net.pt");

        Assert.Equal([2, 3], network.Of(ones(2, 3, 8, 8)).Pooled.shape);
    }

    [Theory]
    [InlineData("/nowhere/net.pt")]
    [InlineData("blob:features/none.pt")]
    public async Task LoadAsync_NothingThere_NamesItAndSaysWhatToGive(string source)
    {
        var wrong = await Assert.ThrowsAsync<BadInputException>(() => LoadAsync(source));

        Assert.Contains($"there is no '{source}'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("featureNetwork", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_SomeOtherFile_SaysThatItIsNoTorchScript()
    {
        var path = Path.Combine(_place.Root, "net.pt");
        await File.WriteAllTextAsync(path, "weights");

        Assert.Contains("no TorchScript module", (await Assert.ThrowsAsync<BadInputException>(() => LoadAsync(path))).Message, StringComparison.Ordinal);
    }

    private Task<TorchScriptFeatures> LoadAsync(string source, int? size = null) =>
        TorchScriptFeatures.LoadAsync(new FeatureNetworkRecipe { Source = source, Size = size }, imageSize: 8, CPU, _place.Store, default);
}
