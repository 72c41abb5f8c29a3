using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class TensorTests
{
    [Fact]
    public void WrongShapes_InAProduct_GiveLibtorchsMessageWithTheOperator()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<ExternalException>(() => randn(2, 3).mm(randn(4, 5)));

        Assert.Equal("aten::mm: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
    }

    [Fact]
    public void FromArray_RectangularArray_KeepsShapeTypeAndOrder()
    {
        using var scope = NewDisposeScope();

        var t = from_array(new[,] { { 1L, 2L, 3L }, { 4L, 5L, 6L } });

        Assert.Equal([2L, 3L], t.shape);
        Assert.Equal(ScalarType.Int64, t.dtype);
        Assert.Equal(6L, t[1, 2].ToInt64());
    }

    [Fact]
    public void TensorOfArray_ThatIsChangedLater_HoldsACopy()
    {
        using var scope = NewDisposeScope();
        var values = new[] { 1f, 2f };

        var t = tensor(values);
        values[0] = 9;

        Assert.Equal([1f, 2f], t.data<float>().ToArray());
    }

    [Fact]
    public void TensorOfArray_WithTooLargeAShape_NamesBothSizes()
    {
        var error = Assert.Throws<ArgumentException>(() => tensor(new[] { 1f, 2f }, [3L]));

        Assert.Contains("3 vs. 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 1.0)]
    [InlineData(ScalarType.Float16, 1.00390625)]
    public void HalfTypes_RoundAndAddUp(ScalarType type, double expected)
    {
        using var scope = NewDisposeScope();

        var t = tensor(new[] { 1.00390625 }, type);      // 1 + 2^-8: one bit more than bfloat16 has; ties go to even

        Assert.Equal(expected, t.to(ScalarType.Float64).item<double>());
        Assert.Equal(2 * expected, (t + t).ToScalar().ToDouble());
    }

    [Fact]
    public void BFloat16_RoundTrip_KeepsTheBits()
    {
        using var scope = NewDisposeScope();

        var t = tensor(new[] { new BFloat16(1.5f), new BFloat16(-3e38f) });

        Assert.Equal([1.5f, new BFloat16(-3e38f).ToSingle()], t.data<BFloat16>().ToArray().Select(v => v.ToSingle()));
    }

    [Fact]
    public void Data_OfATransposedTensor_FollowsItsStrides()
    {
        using var scope = NewDisposeScope();

        var t = arange(6f).reshape(2, 3).t();

        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], t.data<float>().ToArray());
        Assert.Equal(4f, t.data<float>()[1, 1]);
        Assert.Throws<InvalidOperationException>(() => t.bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => t.data<float>()[6]);
    }

    [Fact]
    public void Data_AsAnotherType_IsRefusedWithBothTypes()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<ArgumentException>(() => ones(2).data<double>());

        Assert.Contains("Float32", error.Message, StringComparison.Ordinal);
        Assert.Contains("Double", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_Written_AreTheElements()
    {
        using var scope = NewDisposeScope();
        var t = zeros(2, ScalarType.Int32);

        t.bytes[4] = 7;

        Assert.Equal([0, 7], t.data<int>().ToArray());
    }

    [Fact]
    public void Index_WithRangesAndNumbers_EqualsPythons()
    {
        using var scope = NewDisposeScope();
        var t = arange(24).reshape(2, 3, 4);

        Assert.Equal([5L, 6L], t[0, 1, 1..3].data<long>().ToArray());
        Assert.Equal([3L, 7L, 11L], t[0, .., ^1].data<long>().ToArray());
        Assert.Equal([2L, 3L, 2L], t[TensorIndex.Ellipsis, TensorIndex.Slice(0, 4, 2)].shape);
        Assert.Equal([2L, 1L, 4L], t[.., 1..2].shape);
        Assert.Equal([1L, 2L, 4L], t[TensorIndex.None, .., 0].shape);
        Assert.Equal([12L, 0L], t[tensor(new[] { 1L, 0L }), tensor(new[] { 0L, 0L }), tensor(new[] { 0L, 0L })].data<long>().ToArray());
        Assert.Equal([17L], t[TensorIndex.Tensor(t[.., .., 0] == 16), 1].data<long>().ToArray());
        Assert.Equal([22L, 23L], t[t > 21].data<long>().ToArray());
    }

    [Fact]
    public void Index_Assigned_WritesThroughViewsAndMasks()
    {
        using var scope = NewDisposeScope();
        var t = zeros(2, 3);

        t[0, 1..] = tensor(5f);
        t[1] = tensor(new[] { 1f, 2f, 3f });
        t[t > 4] = tensor(-1f);

        Assert.Equal([0f, -1f, -1f, 1f, 2f, 3f], t.data<float>().ToArray());
    }

    [Fact]
    public void Index_TooMany_SaysHowMany() =>
        Assert.Contains("too many indices: 3", Assert.Throws<IndexOutOfRangeException>(() => ones(2, 2)[0, 0, 0]).Message, StringComparison.Ordinal);

    [Fact]
    public void Operators_WithNumbersOnBothSides_Compute()
    {
        using var scope = NewDisposeScope();
        var t = tensor(new[] { 1.0, 2.0, 4.0 });

        Assert.Equal([-1.0, -2.0, -4.0], (-t).data<double>().ToArray());
        Assert.Equal([9.0, 8.0, 6.0], (10 - t).data<double>().ToArray());
        Assert.Equal([2.0, 1.0, 0.5], (2.0 / t).data<double>().ToArray());
        Assert.Equal([1.0, 0.0, 0.0], (t % 2).data<double>().ToArray());
        Assert.Equal([false, true, true], (1.5 < t).data<bool>().ToArray());
        Assert.Equal([true, false, true], ((t == 1) | (t > 3)).data<bool>().ToArray());
    }

    [Fact]
    public void Reductions_OfAMatrix_EqualTheirFormulas()
    {
        using var scope = NewDisposeScope();
        var t = arange(6, ScalarType.Float64).reshape(2, 3);

        Assert.Equal([3.0, 12.0], t.sum(1).data<double>().ToArray());
        Assert.Equal([1.5, 2.5, 3.5], t.mean([0]).data<double>().ToArray());
        Assert.Equal(3.5, t.var().ToDouble(), 1e-12);
        Assert.Equal([2.0, 5.0], t.max(1).values.data<double>().ToArray());
        Assert.Equal([2L, 2L], t.argmax(1).data<long>().ToArray());
        Assert.Equal(Math.Sqrt(55), t.norm().ToDouble(), 1e-12);
        Assert.Equal([5.0, 4.0], t.flatten().topk(2).values.data<double>().ToArray());
        Assert.Equal(Math.Log(Math.Exp(0) + Math.Exp(1) + Math.Exp(2)), t.logsumexp(1)[0].ToDouble(), 1e-12);
    }

    [Fact]
    public void Generator_SameSeedOrState_DrawsTheSame()
    {
        using var scope = NewDisposeScope();
        using var first = new Generator(5);
        using var second = new Generator(5);

        var a = randn(8, generator: first);
        Assert.True(a.Equals(randn(8, generator: second)));

        var state = first.get_state();
        var next = rand(4, generator: first);
        first.set_state(state);
        Assert.True(next.Equals(rand(4, generator: first)));
        Assert.False(next.Equals(rand(4, generator: first)));
        Assert.Equal(5, first.initial_seed());
    }

    [Fact]
    public void ManualSeed_OfTheDefaultGenerator_RepeatsAndLeavesOthersAlone()
    {
        using var scope = NewDisposeScope();
        using var own = new Generator(1);

        manual_seed(11);
        var a = rand(3);
        _ = rand(3, generator: own);
        manual_seed(11);

        Assert.True(a.Equals(rand(3)));
    }

    [Fact]
    public void LinearAlgebra_OnAKnownMatrix_SolvesAndDecomposes()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[,] { { 4.0, 1.0 }, { 1.0, 3.0 } });

        Assert.Equal(11.0, a.det().ToDouble(), 1e-12);
        Assert.True(linalg.solve(a, tensor(new[] { 1.0, 2.0 })).allclose(tensor(new[] { 1.0 / 11, 7.0 / 11 })));
        var (u, s, vh) = linalg.svd(a);
        Assert.True(u.matmul(diag(s)).matmul(vh).allclose(a));
        Assert.True(einsum("ij,kj->ik", a, a).allclose(a.matmul(a.t())));
        Assert.True(linalg.pinv(a).matmul(a).allclose(eye(2, dtype: ScalarType.Float64)));
    }

    [Fact]
    public void ToString_InEveryStyle_ShowsShapeOrElements()
    {
        using var scope = NewDisposeScope();
        var t = arange(4).reshape(2, 2);

        Assert.Equal("[2x2], type = Int64, device = cpu", t.ToString());
        Assert.Equal("[[0, 1]\n [2, 3]]", t.ToString(TensorStringStyle.Numpy, newLine: "\n"));
        Assert.Equal("[0, 1, 2, ... 7, 8, 9]", arange(10).ToString(TensorStringStyle.Numpy).Replace("..., ", "... ", StringComparison.Ordinal));
    }

    [Fact]
    public void SaveAndLoad_ThroughAStream_KeepEverything()
    {
        using var scope = NewDisposeScope();
        var t = randn(3, 4).t();
        using var stream = new MemoryStream();

        t.Save(stream);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);

        Assert.True(TensorExtensionMethods.Load(reader).Equals(t));
    }

    [Fact]
    public void To_Meta_KeepsShapeWithoutMemory()
    {
        using var scope = NewDisposeScope();

        var t = empty(1L << 40, device: META);

        Assert.Equal(1L << 40, t.numel());
        Assert.Throws<InvalidOperationException>(() => t.data<float>());
    }

    [Fact]
    public void Threads_Set_AreReported()
    {
        var before = get_num_threads();

        set_num_threads(1);
        Assert.Equal(1, get_num_threads());

        set_num_threads(before);
    }
}
