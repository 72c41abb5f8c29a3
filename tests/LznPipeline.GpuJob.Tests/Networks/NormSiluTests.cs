using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Networks;

public sealed class NormSiluTests
{
    private const int Groups = 4;
    private const int Channels = 12;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(5, true)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    [InlineData(70, true)]
    public void Forward_InFloat32_IsWhatFloat64Gives(int size, bool shifted)
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        using var generator = new Generator(1);
        var x = randn([3, Channels, size, size], generator: generator) * 2 + 5;
        var shift = shifted ? randn([3, Channels], generator: generator) : null;
        var cotangent = randn(x.shape, generator: generator);

        var ours = Differentiate((input, added) => NormSilu.Forward(norm, input.clone(), added), norm, x, shift, cotangent);
        var judge = Differentiate((input, added) => InFloat64(norm, input, added), norm, x, shift, cotangent);

        Assert.Equal((shifted ? 5 : 4, judge.Count), (judge.Count, ours.Count));
        foreach (var (index, expected) in judge.Index())
            Assert.True(
                (ours[index] - expected).abs().max().item<double>() < 3e-6 * (1 + expected.abs().max().item<double>()),
                $"result {index} of value, by x, weight, bias, shift");
    }

    [Fact]
    public void Forward_WithoutGradients_IsBitForBitWhatLibtorchsOperatorsGive()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var norm = Norm();
        var x = randn(3, Channels, 16, 16);

        Assert.True(NormSilu.Forward(norm, x).equal(norm.call(x).silu()).all().item<bool>());
    }

    [Fact]
    public void Dropout_ManyElements_DropsTheirShareAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        using var generator = new Generator(1);
        var x = randn([8, Channels, 64, 64], generator: generator);

        var ratio = NormSilu.Forward(norm, x, dropout: new DropoutMask(0.15, Key: 1)) / NormSilu.Forward(norm, x);

        var kept = ratio.isfinite().logical_and(ratio.greater(0.5)).to_type(ScalarType.Float64);
        Assert.InRange(kept.mean().item<double>(), 0.85 - 0.003, 0.85 + 0.003);             // of 393,216: five standard deviations
        Assert.InRange(ratio.masked_select(kept.to_type(ScalarType.Bool)).mean().item<float>(), 1 / 0.85 - 1e-5, 1 / 0.85 + 1e-5);
        var neighbours = (kept.narrow(3, 0, 63) * kept.narrow(3, 1, 63)).mean().item<double>();
        Assert.InRange(neighbours, 0.85 * 0.85 - 0.004, 0.85 * 0.85 + 0.004);               // independent of each other
    }

    [Fact]
    public void Dropout_Backward_PassesWhereForwardDid()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        var x = randn(2, Channels, 16, 16).requires_grad_();

        var y = NormSilu.Forward(norm, x, dropout: new DropoutMask(0.5, Key: 2));
        BackwardPass.From(y, ones_like(y));

        var kept = y.detach().ne(0).to_type(ScalarType.Float32);
        var normed = norm.call(x).detach();
        var slope = normed.sigmoid() * (1 + normed * (1 - normed.sigmoid()));
        var bias = norm.bias!.grad!;                                            // affine: its gradient is the sum over what was kept, doubled
        Assert.InRange(kept.mean().item<float>(), 0.45, 0.55);
        Assert.InRange((bias - (2 * slope * kept).sum([0, 2, 3])).abs().max().item<float>(), 0, 1e-3);
    }

    [Fact]
    public void Dropout_SameSeed_DropsTheSame_AndTheNextMaskOthers()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        var masks = new DropoutMasks();
        var x = randn(2, Channels, 16, 16);

        var (first, next, again) = (Dropped(begin: true), Dropped(begin: false), Dropped(begin: true));

        Assert.True(first.equal(again).all().item<bool>());
        Assert.False(first.eq(0).equal(next.eq(0)).all().item<bool>());

        Tensor Dropped(bool begin)
        {
            _ = manual_seed(begin ? 1 : 2);         // has no say
            if (begin)
                masks.Begin(seed: 7, firstRow: 0);
            return NormSilu.Forward(norm, x, dropout: masks.Next(0.5));
        }
    }

    [Fact]
    public void Dropout_PartsOfABatch_DropWhatTheWholeDoes()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        var x = randn(5, Channels, 7, 7);

        var whole = Dropped(x, firstRow: 0);
        var parts = cat([Dropped(x.narrow(0, 0, 3), firstRow: 0), Dropped(x.narrow(0, 3, 2), firstRow: 3)]);

        Assert.True(whole.eq(0).equal(parts.eq(0)).all().item<bool>());
        Assert.InRange((whole - parts).abs().max().item<float>(), 0, 1e-6);

        Tensor Dropped(Tensor rows, long firstRow) => NormSilu.Forward(norm, rows, dropout: new DropoutMask(0.5, Key: 9, firstRow));
    }

    [Fact]
    public void Dropout_InLowerType_DropsItsShareByItsKeyAlone()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        var x = randn(2, Channels, 64, 64).to_type(ScalarType.BFloat16);

        var (first, again, other) = (Dropped(1), Dropped(1), Dropped(2));

        Assert.Equal(ScalarType.BFloat16, first.dtype);
        Assert.True(first.equal(again).all().item<bool>());
        Assert.False(first.equal(other).all().item<bool>());
        Assert.InRange(first.eq(0).to_type(ScalarType.Float32).mean().item<float>(), 0.3 - 0.01, 0.3 + 0.01);       // of 98,304: seven standard deviations

        Tensor Dropped(ulong key) => NormSilu.Forward(norm, x, dropout: new DropoutMask(0.3, key));
    }

    [Fact]
    public void Forward_AnyNumberOfThreads_GivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm();
        var before = get_num_threads();
        var x = randn(8, Channels, 64, 64);
        var cotangent = randn(x.shape);
        try
        {
            set_num_threads(1);
            var alone = Differentiate((input, _) => NormSilu.Forward(norm, input), norm, x, shift: null, cotangent);
            set_num_threads(3);
            var shared = Differentiate((input, _) => NormSilu.Forward(norm, input), norm, x, shift: null, cotangent);

            Assert.Equal((4, 4), (alone.Count, shared.Count));
            Assert.All(alone.Zip(shared), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static GroupNorm Norm()
    {
        using var generator = new Generator(3);
        using var frozen = no_grad();
        var norm = GroupNorms.Create(Groups, Channels, eps: 1e-6);
        norm.weight.copy_(randn([Channels], generator: generator));
        norm.bias!.copy_(randn([Channels], generator: generator));              // affine
        return norm;
    }

    /// <summary>The value, and its gradients by x, weight, bias, and shift if there is one; in float64.</summary>
    private static List<Tensor> Differentiate(Func<Tensor, Tensor?, Tensor> function, GroupNorm norm, Tensor x, Tensor? shift, Tensor cotangent)
    {
        norm.zero_grad();
        var (input, added) = (x.detach().clone().requires_grad_(), shift?.detach().clone().requires_grad_());
        var value = function(input, added);
        BackwardPass.From(value, cotangent.to_type(value.dtype));
        Tensor?[] all = [value.detach(), input.grad, norm.weight.grad, norm.bias!.grad, added?.grad];       // affine
        return [.. all.OfType<Tensor>().Select(each => each.to_type(ScalarType.Float64))];
    }

    private static Tensor InFloat64(GroupNorm norm, Tensor x, Tensor? shift)
    {
        var input = x.to_type(ScalarType.Float64);
        if (shift is not null)
            input = input + shift.to_type(ScalarType.Float64).unsqueeze(2).unsqueeze(3);
        // affine
        return nn.functional.group_norm(input, Groups, norm.weight.to_type(ScalarType.Float64), norm.bias!.to_type(ScalarType.Float64), norm.eps).silu();
    }
}
