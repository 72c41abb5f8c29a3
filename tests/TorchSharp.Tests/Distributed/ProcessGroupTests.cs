using System.Net;
using System.Runtime.InteropServices;
using Lzn.Torch;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Distributed;

/// <summary>Members are threads here, connected by real sockets; libtorch makes no difference between these and processes.</summary>
public sealed class ProcessGroupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [GlooTheory, InlineData(1), InlineData(2), InlineData(4)]
    public async Task AllReduce_EachMembersTensor_BecomesTheSumOfAll(int size)
    {
        var sums = await RunAsync(size, group =>
        {
            using var tensor = full([3, 5], group.Rank + 1.0f);
            using var work = group.AllReduce(tensor);
            work.Wait(Patience);
            Assert.True(work.IsCompleted);
            return tensor.data<float>().ToArray();
        });

        Assert.All(sums, sum => Assert.Equal(Enumerable.Repeat(size * (size + 1) / 2.0f, 15), sum));
    }

    [GlooFact]
    public async Task AllReduce_SeveralAtOnce_AreWaitedForInAnyOrder()
    {
        var sums = await RunAsync(2, group =>
        {
            var tensors = Enumerable.Range(0, 5).Select(i => full([1000 * (i + 1)], (float)i)).ToArray();
            var works = tensors.Select(group.AllReduce).ToArray();
            foreach (var work in works.Reverse())
                work.Wait(Patience);
            return tensors.Select(tensor => tensor.mean().item<float>()).ToArray();
        });

        Assert.All(sums, sum => Assert.Equal([0, 2, 4, 6, 8], sum));
    }

    [GlooFact]
    public async Task Broadcast_FromARoot_GivesEveryoneItsTensor()
    {
        var received = await RunAsync(3, group =>
        {
            using var tensor = full([4], group.Rank, ScalarType.Int64);
            using var work = group.Broadcast(tensor, root: 2);
            work.Wait(Patience);
            return tensor.data<long>().ToArray();
        });

        Assert.All(received, tensor => Assert.Equal([2L, 2, 2, 2], tensor));
    }

    [GlooFact]
    public async Task AllGather_RowsOfEachMember_AreInTheOrderOfRanks()
    {
        var gathered = await RunAsync(3, group =>
        {
            using var own = full([1, 2], (float)group.Rank);
            using var all = zeros(3, 2);
            using var work = group.AllGather(all, own);
            work.Wait(Patience);
            return all.data<float>().ToArray();
        });

        Assert.All(gathered, tensor => Assert.Equal([0f, 0, 1, 1, 2, 2], tensor));
    }

    [GlooFact]
    public async Task Barrier_MembersThatComeLater_AreWaitedFor()
    {
        var arrived = 0;
        var seen = await RunAsync(3, group =>
        {
            Interlocked.Increment(ref arrived);
            using var work = group.Barrier();
            work.Wait(Patience);
            return Volatile.Read(ref arrived);
        });

        Assert.Equal([3, 3, 3], seen);
    }

    [GlooFact]
    public async Task AllReduce_AMemberDoesNotTakePart_FailsAfterTheTimeout()
    {
        var failure = await RunAsync(2, group =>
        {
            if (group.Rank == 1)
                return null;
            using var tensor = ones(3);
            using var work = group.AllReduce(tensor);
            return Record.Exception(() => work.Wait(Patience));
        }, timeout: TimeSpan.FromSeconds(1), dispose: false);

        Assert.IsType<ExternalException>(failure[0], exactMatch: false);
    }

    [GlooFact]
    public void Connect_NobodyListens_FailsInTime() =>
        Assert.Throws<ExternalException>(() => TcpStore.Connect("127.0.0.1", FreePort(), TimeSpan.FromMilliseconds(500)));

    [GlooFact]
    public void Join_RankOutOfRange_IsRefused()
    {
        using var store = TcpStore.Listen(0, Patience);

        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessGroup.Join(Backend.Gloo, store, rank: 2, size: 2, IPAddress.Loopback, Patience));
    }

    /// <param name="dispose">False leaves broken groups alone: disposing would wait for what cannot complete.</param>
    private static async Task<T[]> RunAsync<T>(int size, Func<ProcessGroup, T> body, TimeSpan? timeout = null, bool dispose = true)
    {
        using var server = TcpStore.Listen(0, Patience);
        using var done = new CountdownEvent(size);
        var members = Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(() =>
        {
            var store = TcpStore.Connect("127.0.0.1", server.Port, Patience);
            var group = ProcessGroup.Join(Backend.Gloo, store, rank, size, IPAddress.Loopback, timeout ?? Patience);
            var result = body(group);
            done.Signal();
            done.Wait(Patience);        // a member that leaves early would end the others' operations
            if (dispose)
            {
                group.Dispose();
                store.Dispose();
            }

            return result;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        return await Task.WhenAll(members);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Skipped, never passed, where this libtorch has no Gloo.</summary>
    private sealed class GlooFactAttribute : FactAttribute
    {
        public GlooFactAttribute() => Skip = Missing;

        internal static string? Missing => ProcessGroup.Available.HasFlag(Backend.Gloo) ? null : "this build of libtorch has no Gloo (apt-get install libgloo-dev)";
    }

    private sealed class GlooTheoryAttribute : TheoryAttribute
    {
        public GlooTheoryAttribute() => Skip = GlooFactAttribute.Missing;
    }
}
