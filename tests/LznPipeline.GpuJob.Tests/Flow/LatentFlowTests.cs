using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Flow;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Flow;

public sealed class LatentFlowTests
{
    public static TheoryData<FlowSolver> Solvers { get; } = new(FlowSolver.Euler, FlowSolver.Dpm);

    [Theory, MemberData(nameof(Solvers))]
    public void Reverse_OfForward_ArrivesAtTheOwnAnchorForNearlyAllDraws(FlowSolver solver)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        const int Zones = 32;
        var flow = new LatentFlow(solver, 100);
        var anchors = randn([Zones, 16], generator: generator);
        var own = arange(Zones, dtype: ScalarType.Int64).repeat(50);
        var latents = flow.Forward(anchors, randn([own.shape[0], 16], generator: generator), own);

        var arrived = flow.Arrive(latents, anchors);

        var back = Distances.Squared(arrived, anchors).argmin(1).eq(own).to_type(ScalarType.Float64).mean().item<double>();
        Assert.InRange(back, 0.97, 1);
    }

    /// <summary>Every anchor sends as many draws: together they fill the prior. Bounds are four standard errors of what so many normal draws have.</summary>
    [Theory, MemberData(nameof(Solvers))]
    public void Forward_LatentsOfABatch_HaveTheMomentsOfTheStandardNormal(FlowSolver solver)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        const int D = 4;
        var anchors = randn([16, D], generator: generator) * 0.5 + 3;
        var own = arange(16, dtype: ScalarType.Int64).repeat(1000);

        var latents = new LatentFlow(solver, 200).Forward(anchors, randn([own.shape[0], D], generator: generator), own).to_type(ScalarType.Float64);

        double samples = own.shape[0];
        Assert.InRange(FlowCase.Distance(latents.mean([0]), zeros(D, dtype: ScalarType.Float64)), 0, 4 / Math.Sqrt(samples));
        Assert.InRange(FlowCase.Distance(latents.t().matmul(latents) / samples, eye(D, dtype: ScalarType.Float64)), 0, 4 * Math.Sqrt(2 / samples));
        Assert.InRange(FlowCase.Distance(latents.pow(4).mean([0]), full(D, 3.0, dtype: ScalarType.Float64)), 0, 4 * Math.Sqrt(96 / samples));
    }

    [Theory, MemberData(nameof(Solvers))]
    public void Forward_PermutedBatch_GivesPermutedLatentsAndGradients(FlowSolver solver)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var (rows, anchors) = (Order(FlowCase.Rows), Order(FlowCase.Anchors));
        var places = anchors.argsort();                 // where an anchor is afterwards
        var flow = FlowCase.Flow(solver);

        var latents = flow.Forward(given.A, given.Draws, given.Index);
        var permuted = flow.Forward(
            given.A.index_select(0, anchors), given.Draws.index_select(0, rows), places.index_select(0, given.Index.index_select(0, rows)));

        Assert.InRange(FlowCase.Distance(permuted, latents.index_select(0, rows)), 0, 1e-11);
        Assert.InRange(FlowCase.Distance(given.Gradients(permuted.index_select(0, rows.argsort())).InAnchors, given.Gradients(latents).InAnchors), 0, 1e-11);

        static Tensor Order(int count)
        {
            using var generator = new Generator(1);
            return randperm(count, dtype: ScalarType.Int64, generator: generator);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1 << 20)]
    [InlineData(5, 0)]
    [InlineData(1000, 0)]
    public void Forward_InOtherBlocks_ChangesByRoundingOnly(long blockRows, long keptBytes)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase(scale: 0.3, ScalarType.Float32);

        var whole = FlowCase.Flow(FlowSolver.Dpm).Forward(given.A, given.Draws, given.Index, given.Weights);
        var blocks = new LatentFlow(FlowSolver.Dpm, FlowCase.Steps) { BlockRows = blockRows, KeptBytes = keptBytes }
            .Forward(given.A, given.Draws, given.Index, given.Weights);

        AssertSame(given.Gradients(whole), given.Gradients(blocks), whole, blocks);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1 << 20)]
    [InlineData(5, 0)]
    [InlineData(1000, 0)]
    public void Reverse_InOtherBlocks_ChangesByRoundingOnly(long blockRows, long keptBytes)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase(scale: 0.3, ScalarType.Float32);

        var whole = FlowCase.Flow(FlowSolver.Euler).Reverse(given.Draws, given.A, given.Index);
        var blocks = new LatentFlow(FlowSolver.Euler, FlowCase.Steps) { BlockRows = blockRows, KeptBytes = keptBytes }
            .Reverse(given.Draws, given.A, given.Index);

        AssertSame(
            given.Gradients(whole.Arrived, whole.LogProbabilities),
            given.Gradients(blocks.Arrived, blocks.LogProbabilities),
            whole.Arrived,
            blocks.Arrived);
    }

    /// <summary>As on many devices: each has all anchors, and rows of its own.</summary>
    [Fact]
    public void Forward_RowsOfTwoDevices_AddUpToTheGradientOfAll()
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var flow = FlowCase.Flow(FlowSolver.Euler);
        Tensor Part(long first, long count) => flow.Forward(given.A, given.Draws.narrow(0, first, count), given.Index.narrow(0, first, count));

        var whole = flow.Forward(given.A, given.Draws, given.Index);
        var (left, right) = (Part(0, 6), Part(6, FlowCase.Rows - 6));

        Assert.InRange(FlowCase.Distance(cat([left, right]), whole), 0, 1e-12);
        Assert.InRange(FlowCase.Distance(InAnchors(left) + InAnchors(right), InAnchors(whole)), 0, 1e-10);

        Tensor InAnchors(Tensor latents)
        {
            given.A.grad = null;
            BackwardPass.From(latents.square().sum());
            return given.A.grad!;
        }
    }

    [Theory, MemberData(nameof(Solvers))]
    public void Weights_Zero_RemoveTheAnchor(FlowSolver solver)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var flow = FlowCase.Flow(solver);
        const int Left = FlowCase.Anchors - 1;
        var weights = given.Weights.index_fill(0, tensor(new long[] { Left }), 0);
        var (anchors, own) = (given.A.narrow(0, 0, Left), given.Index.remainder(Left));

        var latents = flow.Forward(given.A, given.Draws, own, weights);
        var (arrived, logProbabilities) = flow.Reverse(given.Draws, given.A, own, weights);

        var (fewer, fewerLogProbabilities) = flow.Reverse(given.Draws, anchors, own, weights.narrow(0, 0, Left));
        Assert.InRange(FlowCase.Distance(latents, flow.Forward(anchors, given.Draws, own, weights.narrow(0, 0, Left))), 0, 1e-11);
        Assert.InRange(FlowCase.Distance(arrived, fewer), 0, 1e-11);
        Assert.InRange(FlowCase.Distance(logProbabilities, fewerLogProbabilities), 0, 1e-9);
        Assert.Equal(0, given.Gradients(latents, arrived, logProbabilities).InAnchors[Left].abs().max().item<double>());
    }

    /// <summary>
    /// Pairs at a thousandth of the distance between others. Their |a_i - a_j|^2 from norms in float32 would be noise; the bound is what rounding an
    /// anchor to float32 does to the latents.
    /// </summary>
    [Theory, MemberData(nameof(Solvers))]
    public void Forward_TwinAnchorsFarFromTheOrigin_IsAccurateInSinglePrecision(FlowSolver solver)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var anchors = (randn([8, 6], generator: generator) * 1024).round() / 1024 + 50;             // exact in float32, as is what is added to each
        var twins = cat([anchors, anchors + 1.0 / 1024]);
        var (own, prior) = (arange(16, dtype: ScalarType.Int64), randn([16, 6], generator: generator));
        var flow = new LatentFlow(solver, 50);

        var latents = flow.Forward(twins, prior, own).to_type(ScalarType.Float64);

        Assert.InRange(FlowCase.Distance(latents, flow.Forward(twins.to_type(ScalarType.Float64), prior.to_type(ScalarType.Float64), own)), 0, 1e-4);
    }

    [Fact]
    public void Forward_AnAnchorIsNoNumber_ShowsInTheLatents()
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var broken = given.A.detach().clone();
        broken[2, 3] = double.NaN;

        var latents = FlowCase.Flow(FlowSolver.Euler).Forward(broken, given.Draws, given.Index);

        Assert.True(latents.isnan().all().item<bool>());
    }

    [Fact]
    public void Forward_AndBackward_LeaveNothingBehindButResultAndGradients()
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var before = scope.DisposablesCount;

        using (var inner = NewDisposeScope())
        {
            var latents = FlowCase.Flow(FlowSolver.Euler).Forward(given.A, given.Draws, given.Index);
            Assert.Equal(1, inner.DisposablesCount);
            BackwardPass.From(latents.sum());
        }

        Assert.InRange(scope.DisposablesCount, before, before + 2);         // grad of anchors and draws
    }

    [Fact]
    public void Arguments_ThatDoNotFit_AreNamedWithWhatIsNeeded()
    {
        using var scope = NewDisposeScope();
        var (anchors, prior, own) = (randn(3, 4), randn(2, 4), zeros(2, dtype: ScalarType.Int64));
        var flow = new LatentFlow(FlowSolver.Euler, 2);

        AssertRefused("anchors", "[3]", () => flow.Forward(randn(3), prior, own));
        AssertRefused("anchors", "float16", () => flow.Forward(anchors.to_type(ScalarType.Float16), prior, own));
        AssertRefused("prior", "[M, 4]", () => flow.Forward(anchors, randn(2, 5), own));
        AssertRefused("prior", "float64", () => flow.Forward(anchors, prior.to_type(ScalarType.Float64), own));
        AssertRefused("own", "int32", () => flow.Forward(anchors, prior, own.to_type(ScalarType.Int32)));
        AssertRefused("own", "from 0 to 3", () => flow.Forward(anchors, prior, tensor(new long[] { 0, 3 })));
        AssertRefused("own", "from -1", () => flow.Forward(anchors, prior, tensor(new long[] { -1, 0 })));
        AssertRefused("latents", "[2, 5]", () => flow.Reverse(randn(2, 5), anchors, own));
        AssertRefused("targets", "int64 [2]", () => flow.Reverse(prior, anchors, zeros(3, dtype: ScalarType.Int64)));
        AssertRefused("weights", "[3]", () => flow.Reverse(prior, anchors, own, ones(2)));
        AssertRefused("weights", "-1", () => flow.Reverse(prior, anchors, own, tensor(new[] { -1f, 1, 1 })));
        AssertRefused("weights", "NaN", () => flow.Reverse(prior, anchors, own, tensor(new[] { float.NaN, 1, 1 })));
        AssertRefused("weights", "all zero", () => flow.Reverse(prior, anchors, own, zeros(3)));
    }

    private static void AssertRefused(string argument, string text, Action action)
    {
        var refused = Assert.Throws<ArgumentException>(action);
        Assert.Equal(argument, refused.ParamName);
        Assert.Contains(text, refused.Message);
    }

    private static void AssertSame((Tensor InAnchors, Tensor InDraws) one, (Tensor InAnchors, Tensor InDraws) other, Tensor oneEnd, Tensor otherEnd)
    {
        Assert.InRange(FlowCase.Distance(oneEnd, otherEnd), 0, 1e-6);
        Assert.InRange(FlowCase.Distance(one.InAnchors, other.InAnchors) / one.InAnchors.abs().max().item<float>(), 0, 2e-6);
        Assert.InRange(FlowCase.Distance(one.InDraws, other.InDraws) / one.InDraws.abs().max().item<float>(), 0, 2e-6);
    }
}
