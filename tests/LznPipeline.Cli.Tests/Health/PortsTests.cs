using System.Net;
using System.Net.Sockets;
using LznPipeline.Cli.Health;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Tests.Health;

public sealed class PortsTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("ports").FullName;

    [Fact]
    public async Task Find_NothingRanYet_IsGood()
    {
        var finding = Assert.Single(await Ports.FindAsync(_state, default));

        Assert.Equal(FindingState.Good, finding.State);
    }

    [Fact]
    public async Task Find_AnotherProgramHasALastPort_NamesIt()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        // This process is alive, but it is not lzn, so that pipeline does not run.
        var (url, ports) = (new Uri("http://127.0.0.1:1/"), new AzuritePorts(Blob: 0, port, Table: 0));
        new UpFile(Environment.ProcessId, HostId: 2, AzuriteId: 3, url, "storage", ports, DateTimeOffset.UnixEpoch).Write(_state);

        var finding = Assert.Single(await Ports.FindAsync(_state, default));

        Assert.Equal(FindingState.Optional, finding.State);
        Assert.Contains($"another program has {port} of its last ports", finding.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);
}
