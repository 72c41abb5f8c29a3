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
        var told = -1L;
        using var first = TrainedFeatures.Train(_train, _test, imageSize: 8, classes: 2, CPU, total => done => told = total - done);
        using var again = TrainedFeatures.Train(_train, _test, imageSize: 8, classes: 2, CPU, _ => _ => { });

        using var frozen = no_grad();
        var features = first.Of(_test.Images(arange(_test.Count, dtype: ScalarType.Int64)));
        Assert.InRange((features.Logits!.argmax(1) == _test.Labels).to_type(ScalarType.Float32).mean().item<float>(), 0.9f, 1);
        Assert.Equal([60, FeatureClassifier.Features], features.Pooled.shape);
        Assert.Equal([60, 7 * 2 * 2], features.Spatial!.shape);
        Assert.Equal(first.Provenance, again.Provenance);
        Assert.Contains("of the labels of test images", first.Provenance.Network, StringComparison.Ordinal);
        Assert.Equal(0, told);
    }

    [Fact]
    public void Train_OneClass_LearnsTurnsAndGivesNoLogits()
    {
        using var network = TrainedFeatures.Train(_train, _test, imageSize: 8, classes: 1, CPU, _ => _ => { });

        using var frozen = no_grad();
        var features = network.Of(_test.Images(arange(5, dtype: ScalarType.Int64)));
        Assert.Null(features.Logits);
        Assert.Equal([5, FeatureClassifier.Features], features.Pooled.shape);
        Assert.Contains("of the quarter turns of test images", network.Provenance.Network, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_OneClass_TurnsAQuarterOfTheImagesByEachAngle()
    {
        var image = zeros(1, 3, 4, 4);
        image[0, 0, 0, 1] = tensor(1f);

        var (shown, answers) = FeatureTask.Of(classes: 1).Ask(image.expand(8, 3, 4, 4), zeros(8, dtype: ScalarType.Int64));

        Assert.Equal([0L, 0, 1, 1, 2, 2, 3, 3], answers.data<long>().ToArray());
        Assert.Equal([1, 8, 14, 7], Enumerable.Range(0, 4).Select(turns => shown[turns * 2, 0].flatten().argmax().item<long>()));     // against the clock
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
        var held = new HeldPictures(
            Workplace.TinyRecipe().Image, pictures, numbers.ConvertAll(number => number % 2L), numbers.ConvertAll(number => $"{number}.png"));
        return new ImageSet(held, NullLogger.Instance, threads: 1);
    }
}
