using System.Net;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Nccl;
using LznPipeline.GpuJob.Devices.Transports;
using LznPipeline.GpuJob.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>What lies around NCCL. What every transport promises is in <see cref="DeviceGroupTests"/>.</summary>
public sealed class NcclTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-nccl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void For_Devices_NcclBetweenThoseOfCudaAndSocketsEverywhere()
    {
        Assert.Equal(["sockets"], TransportList.For(DeviceType.CPU).Select(each => each.Name));
        Assert.Equal(["nccl", "sockets"], TransportList.For(DeviceType.CUDA).Select(each => each.Name));
    }

    [Theory]
    [InlineData("libnccl-that-is-nowhere.so.2")]
    [InlineData("libc.so.6")]       // a library, but not this one
    public void Find_NotThere_GivesNone(string place) => Assert.Null(NcclLibrary.Find([place]));

    [Fact]
    public void Places_PythonWithNccl_ComeAfterTheSystemsOwn()
    {
        var library = Path.Combine(_folder.FullName, "lib", "python3.13", "site-packages", "nvidia", "nccl", "lib", "libnccl.so.2");
        Directory.CreateDirectory(Path.GetDirectoryName(library)!);
        File.WriteAllText(library, "no library");

        var places = NcclLibrary.Places(name => name == "VIRTUAL_ENV" ? _folder.FullName : null).ToList();

        Assert.Equal(["libnccl.so.2", library], places.Take(2));
        Assert.Null(NcclLibrary.Find([library]));
    }

    [Fact]
    public void Open_NcclMissing_SocketsAreOfferedAndTheLogSaysWhatToInstall()
    {
        var console = new StringWriter();

        using var offers = TransportOffers.Open(
            TransportList.Automatic,
            [new NcclTransport(null, MemoryNccl.Driver), new SocketTransport()],
            rank: 0,
            local: true,
            new ConsoleLog(console));

        Assert.Equal("sockets", Assert.Single(offers.Ports).Key);
        Assert.Matches("cannot travel through nccl.*NCCL 2.14 or newer is not on this machine.*pip install nvidia-nccl", console.ToString());
    }

    [Fact]
    public void Open_NcclAskedForAndMissing_IsRefusedWithWhatToInstall()
    {
        var refused = Assert.Throws<BadInputException>(() => TransportOffers.Open(
            "nccl", [new NcclTransport(MemoryNccl.Library, null), new SocketTransport()], 0, true, new ConsoleLog(TextWriter.Null)));

        Assert.Matches("--transport is 'nccl', but .*libcuda.so.1.*Or choose auto", refused.Message);
    }

    [Theory]
    [InlineData(ScalarType.Byte, 1)]
    [InlineData(ScalarType.Int32, 2)]
    [InlineData(ScalarType.Int64, 4)]
    [InlineData(ScalarType.Float32, 7)]
    [InlineData(ScalarType.Float64, 8)]
    public unsafe void Of_PartOfATensor_IsWhereItsFirstValueLiesInTheTypeOfNcclsHeader(ScalarType type, int expected)
    {
        using var scope = NewDisposeScope();
        var part = zeros([10, 4], type).narrow(0, 3, 2);

        fixed (byte* first = part.bytes)
            Assert.Equal(new NcclData((nint)first, 8, expected), NcclData.Of(part));
    }

    [Fact]
    public void Of_TypeThatIsNeverExchanged_IsRefusedByName() =>
        Assert.Contains("BFloat16", Assert.Throws<NotSupportedException>(() => NcclData.Of(zeros(1, ScalarType.BFloat16))).Message, StringComparison.Ordinal);

    [Fact]
    public void Join_ARankDoesNotCome_GivesUpAndLeavesNothing()
    {
        MemoryNccl.Library.NewId(out var id);

        var lost = Assert.Throws<PeerLostException>(
            () => new NcclGroup(MemoryNccl.Library, MemoryNccl.Driver, id, rank: 0, size: 2, CPU, TimeSpan.FromMilliseconds(100)));

        Assert.Contains("Rank 0 lost another rank: no answer within", lost.Message, StringComparison.Ordinal);
        Assert.Equal(0, MemoryNccl.Left(id));
    }

    [Fact]
    public async Task Sum_ARankEnds_FailsWithNcclsWordsAndLeavesNothing()
    {
        MemoryNccl.Library.NewId(out var id);
        var groups = await Task.WhenAll(Enumerable.Range(0, 2).Select(rank => Task.Run(
            () => new NcclGroup(MemoryNccl.Library, MemoryNccl.Driver, id, rank, 2, CPU, Ranks.Patience))));
        using var scope = NewDisposeScope();
        var pending = groups[0].Sum(ones(3));

        groups[1].Dispose();

        Assert.Contains("NCCL says 'remote process exited' (6)", Assert.Throws<PeerLostException>(pending.Wait).Message, StringComparison.Ordinal);
        Assert.True(groups[0].IsBroken);
        Assert.Throws<PeerLostException>(() => groups[0].Broadcast(ones(3)));
        groups[0].Dispose();
        Assert.Equal(0, MemoryNccl.Left(id));
    }

    [Fact]
    public async Task Connect_EachRank_LearnsTheIdOfRank0AndTakesOrderlyLeave()
    {
        using var first = new NcclTransport(MemoryNccl.Library, MemoryNccl.Driver);
        using var second = new NcclTransport(MemoryNccl.Library, MemoryNccl.Driver);
        NcclTransport[] transports = [first, second];
        var ends = transports.Select((each, rank) => new IPEndPoint(IPAddress.Loopback, each.Listen(rank, local: true))).ToArray();

        var groups = await Task.WhenAll(transports.Select((each, rank) => each.ConnectAsync(
            new Peers(rank, ends, "secret") { Device = new Device(DeviceType.CPU, rank) }, Ranks.Patience, default)));

        Assert.Equal([(0, 2), (1, 2)], groups.Select(group => (group.Rank, group.Size)));
        foreach (var group in groups)
            group.Dispose();
    }
}
