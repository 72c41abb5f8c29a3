using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Features;

public sealed class TrainedFeaturesTests : IDisposable
{
    private readonly ImageSet _train = Images(1, 120);
    private readonly ImageSet _test = Images(2, 60);

    public void Dispose()
    {
        _train.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void Train_ClassesThatDiffer_GivesFeaturesThatTellThemApartAndTheSameHashAgain()
    {
        var told = 0L;
        using var first = TrainedFeatures.Train(_train, _test, imageSize: 8, classes: 2, total => done => told = total - done);
        using var again = TrainedFeatures.Train(_train, _test, imageSize: 8, classes: 2, _ => _ => { });

        using var frozen = no_grad();
        var features = first.Of(_test.Images(arange(_test.Count, dtype: ScalarType.Int64)));
        Assert.InRange((features.Logits!.argmax(1) == _test.Labels).to_type(ScalarType.Float32).mean().item<float>(), 0.9f, 1);
        Assert.Equal([60, FeatureClassifier.Features], features.Pooled.shape);
        Assert.Equal([60, 7 * 2 * 2], features.Spatial!.shape);
        Assert.Equal(first.Provenance, again.Provenance);
        Assert.Contains("of the test labels", first.Provenance.Network, StringComparison.Ordinal);
        Assert.Equal(0, told);
    }

    /// <summary>Reddish and bluish noise.</summary>
    private static ImageSet Images(int seed, int count)
    {
        var random = new Random(seed);
        var numbers = Enumerable.Range(0, count).ToList();
        var pictures = numbers.ConvertAll(number =>
        {
            var picture = Picture.Blank(8, 8);
            random.NextBytes(picture.Pixels);
            for (var place = number % 2 * 2; place < picture.Pixels.Length; place += Picture.Channels)
                picture.Pixels[place] = (byte)(128 + picture.Pixels[place] / 2);
            return picture;
        });
        var held = new HeldPictures(Workplace.TinyRecipe().Image, pictures, numbers.ConvertAll(number => number % 2L), numbers.ConvertAll(number => $"{number}.png"));
        return new ImageSet(held, NullLogger.Instance, threads: 1);
    }
}
