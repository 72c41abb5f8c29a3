using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Autograd;

/// <summary>An exception that crosses into native code ends the whole process: so without the guard most of these end the test run, too.</summary>
public sealed class BackwardPassTests
{
    [Fact]
    public void From_LostPeer_ThrowsThatVeryException()
    {
        using var scope = NewDisposeScope();
        var lost = new PeerLostException("Rank 3 is gone.");
        var (twice, _) = Doubled.Of(ones(3).requires_grad_(), (_, _) => throw lost);

        var thrown = Assert.Throws<PeerLostException>(() => BackwardPass.From(twice.sum()));

        Assert.Same(lost, thrown);
        Assert.Equal(ExitCode.TryAgain, JobEnd.Of(thrown).ExitCode);
    }

    [Fact]
    public void From_ShapesThatDoNotFit_ThrowsWhatLibtorchSaysOfThem()
    {
        using var scope = NewDisposeScope();
        var (twice, _) = Doubled.Of(ones(3).requires_grad_(), (gradients, _) => [gradients[0]!.unsqueeze(0).mm(ones(2, 3))]);

        var thrown = Assert.Throws<ExternalException>(() => BackwardPass.From(twice.sum()));

        Assert.Contains("1x3 and 2x3", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Bug, JobEnd.Of(thrown).ExitCode);
    }

    [Fact]
    public void From_GradientOfAnotherShape_ThrowsWhatLibtorchSaysOfIt()
    {
        using var scope = NewDisposeScope();
        var (twice, _) = Doubled.Of(ones(3).requires_grad_(), (_, _) => [ones(2)]);

        var thrown = Assert.Throws<ExternalException>(() => BackwardPass.From(twice.sum()));

        Assert.Contains("shape", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_WrongNumberOfGradients_NamesTheFunction()
    {
        using var scope = NewDisposeScope();
        var (twice, _) = Doubled.Of(ones(3).requires_grad_(), (gradients, _) => [gradients[0], null]);

        var thrown = Assert.Throws<InvalidOperationException>(() => BackwardPass.From(twice.sum()));

        Assert.Contains("Doubled returned 2 gradients", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_OneFailureAfterAnother_ThrowsTheFirstAndLeavesOutTheRest()
    {
        using var scope = NewDisposeScope();
        var called = new List<string>();
        Tensor?[] Fail(string name)
        {
            called.Add(name);
            throw new PeerLostException(name);
        }

        var (early, _) = Doubled.Of(ones(3).requires_grad_(), (_, _) => Fail("early"));
        var (late, _) = Doubled.Of(early, (_, _) => Fail("late"));

        Assert.Equal("late", Assert.Throws<PeerLostException>(() => BackwardPass.From(late.sum())).Message);
        Assert.Equal(["late"], called);
    }

    [Fact]
    public void From_FailureWhileARecomputationIsDifferentiated_ThrowsIt()
    {
        using var scope = NewDisposeScope();
        var recomputed = ActivationCheckpoint.Of(
            inputs => Doubled.Of(inputs[0], (_, _) => throw new PeerLostException("Rank 3 is gone.")).Twice, [ones(3).requires_grad_()], []);

        Assert.Throws<PeerLostException>(() => BackwardPass.From(recomputed.sum()));
    }

    [Fact]
    public void From_AfterAPassThatFailed_ComputesGradientsAgain()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        Assert.Throws<PeerLostException>(() => BackwardPass.From(Doubled.Of(x, (_, _) => throw new PeerLostException("Rank 3 is gone.")).Twice.sum()));

        BackwardPass.From(Doubled.Of(x, Doubled.Back).Twice.sum());

        Assert.Equal([2, 2, 2], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public async Task From_PassesOnSeveralThreads_EachHasItsOwnFailure()
    {
        var failures = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() =>
        {
            using var scope = NewDisposeScope();
            var loss = Doubled.Of(
                ones(3).requires_grad_(),
                (gradients, x) => number % 2 == 0 ? Doubled.Back(gradients, x) : throw new PeerLostException($"{number}")).Twice.sum();
            return Record.Exception(() => BackwardPass.From(loss))?.Message;
        })));

        Assert.Equal([null, "1", null, "3", null, "5", null, "7"], failures.ToList());
    }

    /// <summary>TorchSharp would expand the missing gradient like a tensor that ended with the scope of the way there.</summary>
    [Theory, InlineData(0, 2), InlineData(1, 3)]
    public void From_OnlyOneOutputCounts_IsToldOfTheOther(int counts, float slope)
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        Tensor output;
        using (var inner = NewDisposeScope())
        {
            var (twice, thrice) = Doubled.Of(x, (gradients, input) =>
            {
                Assert.Null(gradients[1 - counts]);
                return Doubled.Back(gradients, input);
            });
            output = (counts == 0 ? twice : thrice).MoveToOuterDisposeScope();
        }

        BackwardPass.From(output.sum());

        Assert.Equal([slope, slope, slope], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void From_AChain_GivesTheExactGradientAndLeavesNothingElseBehind()
    {
        using var scope = NewDisposeScope();
        var x = ones(1000).requires_grad_();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        using (var inner = NewDisposeScope())
        {
            var chain = x;
            for (var link = 0; link < 5; link++)
            {
                var (twice, thrice) = Doubled.Of(chain, Doubled.Back);
                chain = twice + thrice;
            }

            BackwardPass.From(chain.sum());
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.Equal(Enumerable.Repeat(3125f, 1000), x.grad!.data<float>().ToArray());
    }

    /// <summary>Whatever is derived from TorchSharp's own base fails unguarded.</summary>
    [Fact]
    public void EveryFunctionOfOurs_IsDerivedFromTheGuardedOne()
    {
        var functions = typeof(BackwardPass).Assembly.GetTypes().Where(type => !type.IsAbstract && Bases(type).Contains(typeof(autograd.Function<>))).ToList();

        Assert.NotEmpty(functions);
        Assert.All(functions, function => Assert.Contains(typeof(OwnGradient<,>), Bases(function)));
    }

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var each = type.BaseType; each is not null; each = each.BaseType)
            yield return each.IsGenericType ? each.GetGenericTypeDefinition() : each;
    }
}
