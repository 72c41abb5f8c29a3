using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

public sealed class FunctionalTests
{
    private static readonly long[] s_square = [1, 1, 4, 4];

    private static Tensor X => arange(16f).reshape(s_square);

    public static TheoryData<string, Func<Tensor>> Functions => new()
    {
        { "bilinear", () => functional.interpolate(X, scale_factor: [2.0], mode: InterpolationMode.Bilinear) },
        { "bicubic", () => functional.interpolate(X, size: [3, 3], mode: InterpolationMode.Bicubic) },
        { "bilinear, antialias", () => functional.interpolate(X, size: [2, 2], mode: InterpolationMode.Bilinear, antialias: true) },
        { "reflect", () => functional.pad(X, (2, 1, 0, 3), PaddingModes.Reflect) },
        { "grid", () => functional.grid_sample(X, functional.affine_grid(tensor(new[,,] { { { 0.5f, 0f, 0.25f }, { 0f, 1f, 0f } } }), [1, 1, 2, 2])) },
        { "conv2d", () => functional.conv2d(X, arange(18f).reshape(2, 1, 3, 3) / 10, tensor(new[] { 0.5f, -0.5f }), [2, 2], [1, 1]) },
        {
            "conv_transpose2d",
            () => functional.conv_transpose2d(X, arange(9f).reshape(1, 1, 3, 3) / 10, strides: [2, 2], padding: [1, 1], output_padding: [1, 1])
        },
        { "avg_pool2d", () => functional.avg_pool2d(X, 3, 2, 1) },
        {
            "group_norm",
            () => functional.group_norm(X.reshape(1, 4, 4), 2, tensor(new[] { 1f, 2f, 3f, 4f }), tensor(new[] { 0.1f, 0.2f, 0.3f, 0.4f }))
        },
        { "layer_norm", () => functional.layer_norm(X, [4, 4]) },
        { "gelu", () => functional.gelu(tensor(new[] { -1f, 0.5f })) },
        { "gelu, tanh", () => functional.gelu(tensor(new[] { -1f, 0.5f }), Modules.GELU.Approximate.tanh) },
        { "silu", () => functional.silu(tensor(new[] { -1f, 0.5f })) },
        {
            "cross_entropy",
            () => functional.cross_entropy(tensor(new[,] { { 1f, 2f, 3f }, { 0f, 0f, 1f } }), tensor(new[] { 2L, 0L }), label_smoothing: 0.1)
        },
        { "randn, seed 7", () => randn(4, generator: new Generator(7)) },
    };

    [Theory, MemberData(nameof(Functions))]
    public void Function_GoldenInput_EqualsPyTorch(string name, Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();

        GoldenNumbers.Check(name, compute());
    }

    [Fact]
    public void Attention_AgainstItsDefinition_IsSoftmaxOfScaledProducts()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (randn(2, 3, 5), randn(2, 4, 5), randn(2, 4, 6));

        var actual = functional.scaled_dot_product_attention(q, k, v);

        var expected = (q.matmul(k.transpose(-2, -1)) / Math.Sqrt(5)).softmax(-1).matmul(v);
        Assert.True(actual.allclose(expected, atol: 1e-6));
    }

    [Fact]
    public void Normalize_Rows_HaveLengthOneAndZeroStaysZero()
    {
        using var scope = NewDisposeScope();

        var rows = functional.normalize(tensor(new[,] { { 3f, 4f }, { 0f, 0f } }));

        Assert.Equal([0.6f, 0.8f, 0f, 0f], rows.data<float>().ToArray());
    }

    [Fact]
    public void OneHot_Labels_MarksTheirColumns()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([0L, 0L, 1L, 1L, 0L, 0L], functional.one_hot(tensor(new[] { 2L, 0L }), 3).data<long>().ToArray());
    }

    [Fact]
    public void Interpolate_ModeThatDoesNotFitTheShape_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => functional.interpolate(X, size: [8], mode: InterpolationMode.Linear));

        Assert.Contains("Linear interpolation does not fit 2 spatial dimensions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNorm2d_OneTrainingBatch_EqualsPyTorchAndKeepsStatistics()
    {
        using var scope = NewDisposeScope();
        using var norm = BatchNorm2d(2);

        GoldenNumbers.Check("BatchNorm2d", norm.call(X.reshape(2, 2, 2, 2)));

        GoldenNumbers.Check("BatchNorm2d, running", cat([norm.running_mean!, norm.running_var!]));   // tracked by default
        Assert.Equal(1, norm.num_batches_tracked!.ToInt64());
    }

    [Fact]
    public void Layers_SeedThree_StartAsPyTorchs()
    {
        using var scope = NewDisposeScope();

        manual_seed(3);
        using var linear = Linear(3, 2);
        GoldenNumbers.Check("Linear, seed 3", cat([linear.weight.flatten(), linear.bias!]));         // has a bias by default
        manual_seed(3);
        using var convolution = Conv2d(2, 3, 3);
        GoldenNumbers.Check("Conv2d, seed 3", cat([convolution.weight.flatten(), convolution.bias!]));   // likewise
    }
}
