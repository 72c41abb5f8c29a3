using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void Names_OfNestedFields_FollowTheFields()
    {
        using var net = new Net();

        Assert.Equal(
            ["scale", "first.weight", "first.bias", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias", "heads.a.weight", "heads.a.bias"],
            net.named_parameters().Select(p => p.name));
        Assert.Equal(["counter"], net.named_buffers().Select(b => b.name));
        Assert.Equal(["first", "blocks", "heads", "blocks.0", "blocks.1", "heads.a"], net.named_modules().Select(m => m.name));
        Assert.Equal("scale,first.weight,first.bias,blocks.0.weight,blocks.0.bias,blocks.1.weight,blocks.1.bias,heads.a.weight,heads.a.bias,counter".Split(',').Order(),
            net.state_dict().Keys.Order());
    }

    [Fact]
    public void StateDict_IntoAFreshModule_MakesTheSameOutputs()
    {
        using var scope = NewDisposeScope();
        using var source = new Net();
        using var target = new Net();
        var x = randn(2, 4);

        var (missing, unexpected) = target.load_state_dict(source.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.True(source.call(x).Equals(target.call(x)));
        Assert.NotEqual(source.first.weight.Handle, target.first.weight.Handle);
    }

    [Fact]
    public void LoadStateDict_WithOtherKeys_NamesThemWhenStrictAndReturnsThemElse()
    {
        using var net = new Net();
        var state = net.state_dict();
        state.Remove("first.bias");
        state["other"] = ones(1);

        var error = Assert.Throws<InvalidOperationException>(() => net.load_state_dict(state));
        var (missing, unexpected) = net.load_state_dict(state, strict: false);

        Assert.Contains("Missing: first.bias. Unexpected: other.", error.Message, StringComparison.Ordinal);
        Assert.Equal(["first.bias"], missing);
        Assert.Equal(["other"], unexpected);
    }

    [Fact]
    public void LoadStateDict_WithAWrongShape_NamesTheKeyAndBothShapes()
    {
        using var net = new Net();
        var state = net.state_dict();
        state["scale"] = ones(2, 2);

        var error = Assert.Throws<ArgumentException>(() => net.load_state_dict(state));

        Assert.Contains("'scale' has shape [2, 2] in the source, [1] here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveAndLoad_ThroughAStream_KeepEveryTensor()
    {
        using var source = new Net();
        using var target = new Net();
        using var stream = new MemoryStream();

        source.save(stream);
        stream.Position = 0;
        target.load(stream);

        Assert.All(source.state_dict(), entry => Assert.True(entry.Value.Equals(target.state_dict()[entry.Key]), entry.Key));
    }

    [Fact]
    public void TrainAndEval_ReachEverySubmodule()
    {
        using var net = new Net();

        net.eval();
        Assert.All(net.modules(), module => Assert.False(module.training));
        net.train();

        Assert.All(net.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Dropout_InTraining_DropsAndScalesAndInEvaluationDoesNothing()
    {
        using var scope = NewDisposeScope();
        using var dropout = Dropout(0.25);
        var x = ones(10_000);

        var dropped = dropout.call(x);
        dropout.eval();

        Assert.Equal([0f, 1 / 0.75f], dropped.unique().output.data<float>().ToArray());
        Assert.Equal(1.0, dropped.mean().ToDouble(), 0.05);
        Assert.True(dropout.call(x).Equals(x));
    }

    [Fact]
    public void To_Double_KeepsTheParametersThatAnOptimizerHolds()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        var weight = net.first.weight;
        using var adam = optim.SGD(net.parameters(), 0.1);

        net.to(ScalarType.Float64);

        Assert.Same(weight, net.first.weight);
        Assert.Equal(ScalarType.Float64, weight.dtype);
        Assert.Equal(ScalarType.Int64, net.get_buffer("counter")!.dtype);         // whole numbers stay
        var before = weight.detach().clone();
        net.call(randn(2, 4, ScalarType.Float64)).sum().backward();
        adam.step();
        Assert.False(before.Equals(weight));
        Assert.Throws<ArgumentException>(() => net.to(ScalarType.Int64));
    }

    [Fact]
    public void Dispose_OfAModule_FreesAllItsTensors()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        new Net().Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void BuiltInLayer_MadeInAScope_OutlivesIt()
    {
        Linear linear;
        using (NewDisposeScope()) linear = Linear(2, 2);

        Assert.False(linear.weight.IsInvalid);
        linear.Dispose();
    }

    [Fact]
    public void Hooks_BeforeAndAfter_ChangeInputAndOutputUntilRemoved()
    {
        using var scope = NewDisposeScope();
        using var relu = ReLU();
        var before = relu.register_forward_pre_hook((_, x) => x - 1);
        var after = relu.register_forward_hook((_, _, y) => y * 10);

        var hooked = relu.call(tensor(3f)).ToSingle();
        before.remove();
        after.remove();

        Assert.Equal(20f, hooked);
        Assert.Equal(3f, relu.call(tensor(3f)).ToSingle());
    }

    [Fact]
    public void RegisterModule_TwiceOrWithADot_IsRefused()
    {
        using var net = new Net();

        Assert.Throws<InvalidOperationException>(() => net.register_module("first", Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => net.register_module("a.b", Linear(1, 1)));
        Assert.Throws<InvalidOperationException>(() => ReLU().register_parameter("p", Parameter(ones(1))));
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(2.0, 0.5)]
    public void Init_NormalUniformAndOrthogonal_HaveTheirMoments(double mean, double deviation)
    {
        using var scope = NewDisposeScope();
        manual_seed(0);

        var normal = init.normal_(empty(100, 100), mean, deviation);
        var uniform = init.kaiming_uniform_(empty(100, 300), Math.Sqrt(5));
        var orthogonal = init.orthogonal_(empty(8, 20));

        Assert.Equal(mean, normal.mean().ToDouble(), 0.03);
        Assert.Equal(deviation, normal.std().ToDouble(), 0.03);
        Assert.Equal(1 / Math.Sqrt(300), uniform.abs().max().ToDouble(), 1e-4);
        Assert.True(orthogonal.matmul(orthogonal.t()).allclose(eye(8), atol: 1e-5));
    }

    private sealed class Net : Module<Tensor, Tensor>
    {
        public readonly Linear first = Linear(4, 4);
        private readonly ModuleList<Linear> blocks = ModuleList(Linear(4, 4), Linear(4, 4));
        private readonly ModuleDict<Linear> heads = ModuleDict(("a", Linear(4, 2)));
        private readonly Parameter scale = Parameter(ones(1));
        [ComponentName(Name = "counter")] private readonly Tensor _steps = zeros(1, ScalarType.Int64);

        public Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            _steps.add_(1);
            var x = first.call(input).relu();
            foreach (var block in blocks) x = x + block.call(x).relu();
            return heads["a"].call(x) * scale;
        }
    }
}
