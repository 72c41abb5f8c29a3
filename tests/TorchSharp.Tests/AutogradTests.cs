using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class AutogradTests
{
    [Fact]
    public void Backward_OfAPolynomial_GivesItsDerivative()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0, 3.0 }, requires_grad: true);

        (x.pow(3) - (2 * x)).sum().backward();

        Assert.Equal([1.0, 10.0, 25.0], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Grad_Twice_GivesTheSecondDerivative()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);

        var first = autograd.grad([x.pow(4)], [x], create_graph: true)[0];
        var second = autograd.grad([first], [x])[0];

        Assert.Equal(32.0, first.ToDouble());
        Assert.Equal(48.0, second.ToDouble());
        Assert.Null(x.grad);
    }

    [Fact]
    public void NoGrad_InItsBlock_RecordsNothingAndEndsThere()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);

        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
        }

        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void InferenceMode_ItsTensors_CannotBeRecordedLater()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);
        Tensor made;
        using (inference_mode()) made = ones(1, ScalarType.Float64);

        Assert.Throws<ExternalException>(() => (x * made).backward());
    }

    [Fact]
    public void Function_OfOneTensor_UsesItsOwnBackward()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -1.0, 2.0 }, requires_grad: true);

        ScaledSquare.apply(x, 3.0).sum().backward();

        Assert.Equal([-6.0, 12.0], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Function_OfTwoResults_GetsZerosForTheUnusedOne()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(2.0, requires_grad: true), tensor(5.0, requires_grad: true));

        var results = SumAndProduct.apply(a, b);
        results[1].backward();

        Assert.Equal(7.0, results[0].ToDouble());
        Assert.Equal(5.0, a.grad!.ToDouble());
        Assert.Equal(2.0, b.grad!.ToDouble());
    }

    [Fact]
    public void Function_ThatFails_ReportsItsOwnMessage()
    {
        using var scope = NewDisposeScope();
        var x = tensor(1.0, requires_grad: true);

        var error = Assert.Throws<ExternalException>(() => Failing.apply(x).backward());

        Assert.Contains("the backward of this function fails", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Function_SecondBackward_SaysThatTheGraphIsGone()
    {
        using var scope = NewDisposeScope();
        var y = ScaledSquare.apply(tensor(1.0, requires_grad: true), 1.0);
        y.backward(retain_graph: false);

        var error = Assert.Throws<ExternalException>(() => y.backward());

        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Function_InAThousandGraphs_LeavesNoTensorBehind()
    {
        using var x = tensor(2.0, requires_grad: true);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 1000; i++)
        {
            using var scope = NewDisposeScope();
            ScaledSquare.apply(x, 1.0).backward();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(4000.0, x.grad!.ToDouble());
    }

    private sealed class ScaledSquare : autograd.SingleTensorFunction<ScaledSquare>
    {
        public override string Name => nameof(ScaledSquare);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("scale", vars[1]);
            return x.square() * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0] * (2 * (double)ctx.get_data("scale")!), null!];     // saved by forward; the scale has no gradient
    }

    private sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => nameof(SumAndProduct);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (a, b) = ((Tensor)vars[0], (Tensor)vars[1]);
            ctx.save_for_backward([a, b]);
            return [a + b, a * b];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0] + (grad_outputs[1] * saved[1]), grad_outputs[0] + (grad_outputs[1] * saved[0])];
        }
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]) * 2;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            throw new InvalidOperationException("the backward of this function fails");
    }
}
