using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

public sealed class TrainingTests
{
    [Fact]
    public void LeastSquares_TrainedBySgd_ReachesTheKnownMinimum()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var truth = tensor(new[,] { { 1.5f, -2f, 0.5f } });
        var x = randn(256, 3, generator: new Generator(2));
        var y = x.matmul(truth.t()) + 0.25;
        using var linear = Linear(3, 1);
        using var sgd = optim.SGD(linear.parameters(), 0.3);

        for (var i = 0; i < 200; i++)
        {
            sgd.zero_grad();
            functional.mse_loss(linear.call(x), y).backward();
            sgd.step();
        }

        Assert.True(linear.weight.allclose(truth, atol: 1e-4));
        Assert.Equal(0.25f, linear.bias!.ToSingle(), 1e-4f);        // has one by default
    }

    [Fact]
    public void ConvolutionalClassifier_OnItsBatch_LearnsEveryLabel()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var net = Sequential(
            ("conv", Conv2d(3, 16, 3, padding: 1)), ("norm", GroupNorm(4, 16)), ("act", SiLU()), ("pool", AdaptiveAvgPool2d(2)), ("flat", Flatten()),
            ("head", Linear(64, 4)));
        using var adam = optim.Adam(net.parameters(), 2e-2);
        var x = randn(16, 3, 8, 8, generator: new Generator(3));
        var labels = arange(16) % 4;

        for (var i = 0; i < 150; i++)
        {
            using var step = NewDisposeScope();
            adam.zero_grad();
            functional.cross_entropy(net.call(x), labels).backward();
            nn.utils.clip_grad_norm_(net.parameters(), 1.0);
            adam.step();
        }

        Assert.True(net.call(x).argmax(1).Equals(labels));
    }
}
