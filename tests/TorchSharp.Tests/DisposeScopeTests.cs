using System.Diagnostics;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class DisposeScopeTests
{
    private static LifetimeStatistics Statistics => DisposeScopeManager.Statistics.TensorStatistics;

    [Fact]
    public void Scope_AtItsEnd_DisposesWhatWasMadeInside()
    {
        Tensor inside;
        using (NewDisposeScope()) inside = ones(3) + 1;

        Assert.True(inside.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => inside.sum());
    }

    [Fact]
    public void Scope_Counted_AddsUp()
    {
        Statistics.Reset();

        using (var scope = NewDisposeScope())
        {
            var kept = ones(2);
            _ = kept + kept;
            Assert.Equal(2, scope.DisposablesCount);
            kept.DetachFromDisposeScope();
            Assert.Equal(1, scope.DisposablesCount);
            Assert.False(scope.Contains(kept));
            kept.Dispose();
        }

        Assert.Equal(2, Statistics.CreatedInScopeCount);
        Assert.Equal(1, Statistics.DisposedInScopeCount);
        Assert.Equal(1, Statistics.DetachedFromScopeCount);
        Assert.Equal(1, Statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void MoveToOuter_FromInner_LivesAsLongAsTheOuter()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope()) moved = ones(2).MoveToOuterDisposeScope();
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }

        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_FromTheOutermost_Detaches()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = ones(2).MoveToOuterDisposeScope();

        Assert.Equal(2f, moved.sum().ToSingle());
        moved.Dispose();
    }

    [Fact]
    public void Attach_FromOutside_IsDisposedWithTheScope()
    {
        var outside = ones(2);

        using (var scope = NewDisposeScope()) scope.Attach(outside);

        Assert.True(outside.IsInvalid);
    }

    [Fact]
    public void DisposeEverythingBut_OneTensor_KeepsItInTheScope()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (ones(1), ones(1), ones(1));

        scope.DisposeEverythingBut(b);

        Assert.True(a.IsInvalid);
        Assert.False(b.IsInvalid);
        Assert.True(c.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Scopes_EndedOutOfOrder_KeepTheirOwnTensors()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var inInner = ones(1);

        outer.Dispose();
        Assert.False(inInner.IsInvalid);
        inner.Dispose();

        Assert.True(inInner.IsInvalid);
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public async Task Scope_OfAnotherThread_IsNotThisOnes()
    {
        using var scope = NewDisposeScope();

        var elsewhere = await Task.Factory.StartNew(
            () => (Scope: CurrentDisposeScope, Tensor: ones(1)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.Null(elsewhere.Scope);
        Assert.False(elsewhere.Tensor.IsInvalid);
        elsewhere.Tensor.Dispose();
    }

    [Fact]
    public void ForgottenTensors_OfManyMegabytes_AreCollected()
    {
        for (var i = 0; i < 2000; i++) _ = ones(1 << 20);     // 8 GB in all, in 4 MB pieces that nothing owns

        using var process = Process.GetCurrentProcess();
        Assert.InRange(process.WorkingSet64, 0, 4L << 30);
    }

    [Fact]
    public void ThousandTrainingSteps_HoldNativeMemoryFlat()
    {
        using var net = nn.Sequential(nn.Linear(256, 512), nn.SiLU(), nn.Linear(512, 256));
        using var adam = optim.Adam(net.parameters(), 1e-3);
        using var x = randn(64, 256);
        void Step()
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            nn.functional.mse_loss(net.call(x), x).backward();
            nn.utils.clip_grad_norm_(net.parameters(), 1.0);
            adam.step();
        }

        for (var i = 0; i < 50; i++) Step();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var before = ResidentBytes();
        for (var i = 0; i < 1000; i++) Step();

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.InRange(ResidentBytes() - before, long.MinValue, 32L << 20);     // one leaked activation a step would be 128 MB
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
