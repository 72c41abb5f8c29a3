using LznPipeline.GpuJob.Evaluation.Metrics;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Metrics;

public sealed class LinearProbeTests
{
    [Fact]
    public void Accuracy_ClassesThatALineParts_IsNearlyOneAndTheSameAgain()
    {
        var labels = arange(300, dtype: ScalarType.Int64) % 3;
        var features = nn.functional.one_hot(labels, 3) * 1000 + randn(300, 3, generator: new Generator(1)) * 100;      // of any scale: they are standardised
        var epochs = 0;

        var first = Probe(features, labels, features, labels, done => epochs = done);
        var again = Probe(features, labels, features, labels, _ => { });

        Assert.InRange(first[1], 0.99, 1);
        Assert.Equal(first, again);
        Assert.Equal(300, epochs);
    }

    [Fact]
    public void Accuracy_FeaturesWithoutInformation_IsChance()
    {
        var labels = arange(2000, dtype: ScalarType.Int64) % 12;
        var features = randn(2000, 4, generator: new Generator(1));

        var accuracy = Probe(
            features.narrow(0, 0, 1000), labels.narrow(0, 0, 1000), features.narrow(0, 1000, 1000), labels.narrow(0, 1000, 1000), _ => { }, classes: 12);

        Assert.Equal([1, 5, 10], accuracy.Keys.Order());
        Assert.InRange(accuracy[1], 0, 0.15);
        Assert.InRange(accuracy[5], 5 / 12.0 - 0.08, 5 / 12.0 + 0.08);
        Assert.InRange(accuracy[10], 10 / 12.0 - 0.08, 10 / 12.0 + 0.08);
    }

    private static IReadOnlyDictionary<int, double> Probe(
        Tensor known, Tensor knownLabels, Tensor asked, Tensor askedLabels, Action<int> epochDone, long classes = 3) =>
        LinearProbe.Accuracy(known, knownLabels, asked, askedLabels, classes, seed: 1, epochDone);
}
