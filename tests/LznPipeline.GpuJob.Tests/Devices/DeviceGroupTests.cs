using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Transports;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What every transport promises.</summary>
public sealed class DeviceGroupTests
{
    public static TheoryData<string, int> TransportsAndSizes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var transport in Ranks.TransportNames)
            {
                foreach (var size in new[] { 2, 3, 4 })
                    data.Add(transport, size);
            }

            return data;
        }
    }

    public static TheoryData<string> Transports => Ranks.Transports;

    [Theory, MemberData(nameof(TransportsAndSizes))]
    public async Task Sum_OfAnyLength_IsTheSameBitsOnAllRanks(string transport, int size)
    {
        var sums = await Ranks.RunAsync(transport, size, group =>
        {
            using var scope = NewDisposeScope();
            return new[] { 1, 2, 7, 100_003 }.Select(length => group.SumNow(Own(group.Rank, length)).data<float>().ToArray()).ToArray();
        });

        using var scope = NewDisposeScope();
        foreach (var (length, i) in new[] { 1, 2, 7, 100_003 }.Select((length, i) => (length, i)))
        {
            var expected = Enumerable.Range(0, size).Select(rank => Own(rank, length).to_type(ScalarType.Float64)).Aggregate((a, b) => a + b);
            Assert.All(sums, sum => Assert.Equal(sums[0][i], sum[i]));
            Assert.InRange((tensor(sums[0][i]).to_type(ScalarType.Float64) - expected).abs().max().item<double>(), 0, 1e-5);
        }
    }

    [Theory, MemberData(nameof(TransportsAndSizes))]
    public async Task Sum_SeveralAtOnce_KeepTheirOrder(string transport, int size)
    {
        var sums = await Ranks.RunAsync(transport, size, group =>
        {
            using var scope = NewDisposeScope();
            var tensors = Enumerable.Range(1, 6).Select(i => full([i * 1000], (float)i)).ToArray();
            var pending = Array.ConvertAll(tensors, group.Sum);
            foreach (var each in pending)
                each.Wait();
            return tensors.Select(tensor => tensor.min().item<float>()).ToArray();
        });

        Assert.All(sums, sum => Assert.Equal(Enumerable.Range(1, 6).Select(i => (float)i * size), sum));
    }

    [Theory, MemberData(nameof(TransportsAndSizes))]
    public async Task Gather_RowsOfEachRank_StandInTheOrderOfRanks(string transport, int size)
    {
        var gathered = await Ranks.RunAsync(transport, size, group =>
        {
            using var scope = NewDisposeScope();
            var own = full([2, 3], group.Rank, ScalarType.Int64);
            return (Shape: group.Gather(own).shape, Values: group.Gather(own).data<long>().ToArray(), Indexes: group.Indexes(2).data<long>().ToArray());
        });

        Assert.All(gathered, all => Assert.Equal([2L * size, 3], all.Shape));
        Assert.All(gathered, all => Assert.Equal(Enumerable.Range(0, size).SelectMany(rank => Enumerable.Repeat((long)rank, 6)), all.Values));
        Assert.All(gathered.Index(), each => Assert.Equal([2L * each.Index, 2L * each.Index + 1], each.Item.Indexes));
    }

    [Theory, MemberData(nameof(TransportsAndSizes))]
    public async Task Broadcast_OfAnyLength_GivesAllWhatRank0Has(string transport, int size)
    {
        var received = await Ranks.RunAsync(transport, size, group =>
        {
            using var scope = NewDisposeScope();
            var (few, many) = (Own(group.Rank, 3), Own(group.Rank, 300_001));
            group.Broadcast(few);
            group.Broadcast(many);
            return (Few: few.data<float>().ToArray(), Many: many.data<float>().ToArray());
        });

        using var scope = NewDisposeScope();
        Assert.All(received, each => Assert.Equal(Own(0, 3).data<float>().ToArray(), each.Few));
        Assert.All(received, each => Assert.Equal(Own(0, 300_001).data<float>().ToArray(), each.Many));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task Sum_ARankIsGone_FailsAndBreaksTheGroup(string transport)
    {
        var failures = await Ranks.RunAsync(transport, 3, group =>
        {
            using var scope = NewDisposeScope();
            if (group.Rank == 1)
            {
                group.Dispose();
                return (Failure: new PeerLostException("that one"), IsBroken: true);
            }

            var failure = Record.Exception(() => group.SumNow(ones(1000)));
            return (Failure: failure, group.IsBroken);
        }, timeout: TimeSpan.FromSeconds(10));      // a rank may be left waiting for one that has given up already

        Assert.All(failures, each => Assert.IsType<PeerLostException>(each.Failure));
        Assert.All(failures, each => Assert.True(each.IsBroken));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task Sum_ARankDoesNotTakePart_FailsAfterTheTimeout(string transport)
    {
        var failures = await Ranks.RunAsync(transport, 2, group =>
        {
            using var scope = NewDisposeScope();
            return group.Rank == 1 ? null : Record.Exception(() => group.SumNow(ones(10)));
        }, timeout: TimeSpan.FromSeconds(5));

        Assert.IsType<PeerLostException>(failures[0]);
    }

    [Fact]
    public async Task Sum_NotContiguous_IsRefused()
    {
        var failures = await Ranks.RunAsync(new SocketTransport().Name, 2, group =>
        {
            using var scope = NewDisposeScope();
            return Record.Exception(() => group.Sum(zeros(3, 4).T));
        });

        Assert.All(failures, failure => Assert.IsType<ArgumentException>(failure));
    }

    [Fact]
    public async Task Connect_AStrangerComesFirst_IsTurnedAway()
    {
        using var first = new SocketTransport();
        using var second = new SocketTransport();
        SocketTransport[] transports = [first, second];
        var ends = transports.Select((each, rank) => new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, each.Listen(rank, local: true))).ToArray();
        using var stranger = new System.Net.Sockets.TcpClient("127.0.0.1", ends[0].Port);
        await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"u8.ToArray());

        var groups = await Task.WhenAll(transports.Select((each, rank) => each.ConnectAsync(new Peers(rank, ends, "secret"), Ranks.Patience, default)));

        var sums = await Task.WhenAll(groups.Select(group => Task.Run(() =>
        {
            using var scope = NewDisposeScope();
            return group.SumNow(tensor(new[] { group.Rank + 1f })).item<float>();
        })));
        Assert.Equal([3, 3], sums);
        foreach (var group in groups)
            group.Dispose();
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task Gathered_LossesOfAllRanks_ReachTheRowsTheySpeakOf(string transport)
    {
        const int size = 3;
        var expected = Whole();

        var gradients = await Ranks.RunAsync(transport, size, Share);

        foreach (var (rank, gradient) in gradients.Index())
        {
            Assert.Equal(expected[rank].Length, gradient.Length);
            Assert.All(expected[rank].Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }

        static float[][] Whole()
        {
            using var scope = NewDisposeScope();
            var whole = Rows().requires_grad_();
            BackwardPass.From(Loss(whole, whole));
            return [.. Enumerable.Range(0, size).Select(rank => whole.grad!.slice(0, rank, 6, size).contiguous().data<float>().ToArray())];
        }

        static float[] Share(IDeviceGroup group)
        {
            using var scope = NewDisposeScope();
            var own = group.Own(Rows()).requires_grad_();
            var gathered = GatheredRows.Of(own, group);
            BackwardPass.From(Loss(gathered.index_select(0, group.Indexes(2)), gathered));
            return own.grad!.data<float>().ToArray();
        }

        static Tensor Rows()
        {
            using var generator = new Generator(1);
            return randn([6, 4], generator: generator);
        }

        // Every row is compared with all, so a row's gradient comes from the losses of all ranks.
        static Tensor Loss(Tensor own, Tensor all) => own.matmul(all.T).tanh().square().sum();
    }

    private static Tensor Own(int rank, long length) => (arange(length, dtype: ScalarType.Float32) * 0.37f + rank).sin();
}
