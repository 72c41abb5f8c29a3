using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>The module of Golden/script.py: a linear layer, then a batch norm whose running mean is (1, 2, 3).</summary>
public sealed class ScriptModuleTests : IDisposable
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Golden", "script.pt");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly jit.ScriptModule _module = jit.load(File);

    public void Dispose()
    {
        _module.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Load_FromFileAndFromBytes_GivesTheSameProgram()
    {
        using var fromBytes = jit.load<Tensor, Tensor>(System.IO.File.ReadAllBytes(File));
        fromBytes.eval();
        _module.eval();
        var x = tensor(new float[] { 1, -1 }).view(1, 2);

        var y = fromBytes.call(x);

        var expected = new[] { -0.5f - 1, -1f - 2, -1.5f - 3 }.Select(value => value / (float)Math.Sqrt(1 + 1e-5)).ToArray();
        Assert.All(y.data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 5));
        Assert.True(y.Equals((Tensor)_module.forward(x)!));
    }

    [Fact]
    public void Train_OnAndOff_ChangesWhatBatchNormDoes()
    {
        var x = tensor(new float[] { 1, 2, 3, 5 }).view(2, 2);

        _module.train();
        Assert.True(_module.training);
        var training = (Tensor)_module.call(x)!;
        _module.eval();
        Assert.False(_module.training);

        Assert.InRange(training.mean([0]).abs().max().item<float>(), 0, 1e-4);
        Assert.InRange(((Tensor)_module.call(x)!).mean([0]).abs().min().item<float>(), 0.5, 100);
    }

    [Fact]
    public void NamedParametersAndBuffers_AreThoseOfTheProgramAndShared()
    {
        var parameters = _module.named_parameters().ToDictionary(each => each.name, each => each.parameter);

        Assert.Equal(["layer.bias", "layer.weight", "norm.bias", "norm.weight"], parameters.Keys.Order());
        Assert.Equal(["norm.num_batches_tracked", "norm.running_mean", "norm.running_var"], _module.named_buffers().Select(each => each.name).Order());
        using (no_grad())
            parameters["norm.weight"].zero_();
        _module.eval();
        Assert.Equal(0, ((Tensor)_module.call(ones(1, 2))!).abs().max().item<float>());
    }

    [Fact]
    public void Backward_ThroughAScript_ReachesItsParameters()
    {
        _module.eval();

        ((Tensor)_module.call(ones(1, 2))!).sum().backward();

        var weight = _module.named_parameters().Single(each => each.name == "layer.weight").parameter;
        Assert.All(weight.grad!.data<float>().ToArray(), value => Assert.Equal(1 / Math.Sqrt(1 + 1e-5), value, 1e-6));
    }

    [Fact]
    public void Invoke_EveryKindOfValue_ComesBackAsItsKind()
    {
        var x = tensor(new float[] { 1, 2 });

        var (first, second) = _module.invoke<(Tensor, Tensor)>("pair", x);
        var several = _module.invoke<Tensor[]>("several", x);
        var mixed = _module.invoke<object[]>("mixed", x, 0.5, true, 3, null);
        var joined = _module.invoke<Tensor>("joined", new object[] { new[] { x, x } });

        Assert.Equal(new float[] { 2, 3 }, first.data<float>().ToArray());
        Assert.Equal(new float[] { 2, 4 }, second.data<float>().ToArray());
        Assert.Equal([1f, 2f, 3f], several.Select(each => each[0].item<float>()));
        Assert.Equal(new float[] { 3.5f, 4 }, ((Tensor)mixed[0]).data<float>().ToArray());
        Assert.Equal(3, ((Scalar)mixed[1]).ToInt64());
        Assert.Equal(4, joined.shape[0]);
    }

    [Fact]
    public void To_Float64_ConvertsTheWeights()
    {
        _module.to(ScalarType.Float64);

        Assert.All(_module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float64, ((Tensor)_module.call(ones(2, 2, dtype: ScalarType.Float64))!).dtype);
    }

    [Fact]
    public void Load_MissingFile_NamesIt() => Assert.Contains("nothing.pt", Assert.Throws<FileNotFoundException>(() => jit.load("nothing.pt")).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_CutFile_ThrowsWhatLibtorchSays() => Assert.Throws<ExternalException>(() => jit.load(System.IO.File.ReadAllBytes(File)[..1000]));

    [Fact]
    public void Forward_WrongNumberOfArguments_SaysWhatTheScriptTakes() =>
        Assert.Contains("forward", Assert.Throws<ExternalException>(() => _module.forward(ones(1, 2), ones(1, 2))).Message, StringComparison.Ordinal);

    [Fact]
    public void Invoke_MethodThatIsNotThere_NamesIt() =>
        Assert.Contains("'backwards'", Assert.Throws<ExternalException>(() => _module.invoke("backwards", ones(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Call_AfterDispose_IsRefused()
    {
        _module.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _module.call(ones(1, 2)));
    }

    [Fact]
    public void Call_ManyTimes_LeavesNoTensorBehind()
    {
        _module.eval();
        using var frozen = no_grad();
        _module.invoke("pair", ones(1, 2));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 100; i++)
        {
            using var scope = NewDisposeScope();
            _module.call(ones(1, 2));
            _module.invoke("pair", ones(1, 2));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
