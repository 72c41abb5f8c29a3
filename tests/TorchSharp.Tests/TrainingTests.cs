using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

public sealed class TrainingTests
{
    [Fact]
    public void SmallNetwork_HundredSteps_LearnsItsBatch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var net = Sequential(("a", Conv2d(3, 8, 3, padding: 1)), ("n", GroupNorm(4, 8)), ("s", SiLU()), ("p", AdaptiveAvgPool2d(1)), ("f", Flatten()), ("l", Linear(8, 4)));
        using var adam = optim.Adam(net.parameters(), 1e-2);
        var x = randn(16, 3, 8, 8, generator: new Generator(3));
        var y = randint(0, 4, new long[] { 16 });
        double first = 0, last = 0;
        for (var i = 0; i < 100; i++)
        {
            adam.zero_grad();
            var loss = functional.cross_entropy(net.call(x), y);
            loss.backward();
            nn.utils.clip_grad_norm_(net.parameters(), 1.0);
            adam.step();
            if (i == 0) first = loss.ToDouble();
            last = loss.item<float>();
        }

        Assert.True(last < first * 0.8, $"{first} {last}");
        Assert.Equal(["a.weight", "a.bias", "n.weight", "n.bias", "l.weight", "l.bias"], net.state_dict().Keys);
        var error = Assert.Throws<ExternalException>(() => randn(2, 3).mm(randn(4, 5)));
        Assert.Equal("aten::mm: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
        Assert.Equal(7f, (arange(10)[7].to(float32)).item<float>());
        Assert.Equal(new long[] { 2, 3 }, zeros(5, 3)[1..3].shape);
        Assert.Equal(new long[] { 3, 5 }, zeros(5, 3).t().contiguous().shape);
        Assert.Equal(1.5f, (tensor(new[] { 1f, 2f, 3f }) / 2)[2].ToSingle());
        var q = Square.apply(tensor(3.0, requires_grad: true));
        Assert.Equal(9.0, q.ToDouble());
    }

    private sealed class Square : autograd.SingleTensorFunction<Square>
    {
        public override string Name => nameof(Square);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            return ((Tensor)vars[0]).square();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 2 * ctx.get_saved_variables()[0]];
    }
}
