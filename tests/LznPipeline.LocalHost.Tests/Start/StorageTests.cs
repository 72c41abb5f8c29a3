using System.Net;
using System.Net.Sockets;
using LznPipeline.Cli.Hosting;
using LznPipeline.LocalHost.Tests.Durable;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Start;

/// <summary>Storage that is not there: each test has an Azurite of its own.</summary>
public sealed class StorageTests
{
    [Fact]
    public async Task Start_StorageIsAway_WaitsSaysSoAndGoesOnWhenItIsThere()
    {
        var ports = new AzuritePorts(FreePort(), FreePort(), FreePort());
        await using var host = await SampleHost.LaunchAsync(SampleHost.App, ConnectionString(ports));
        var waits = await host.HearsAsync("The host waits");

        await using var azurite = await AzuriteProcess.StartAsync(folder: null, ports, default);

        await host.HearsAsync("Storage answers again");
        await host.HearsAsync("Functions host listening on");
        Assert.Contains("Storage (devstoreaccount1)", waits, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ToldToEndWhileItWaits_Ends()
    {
        await using var host = await SampleHost.LaunchAsync(SampleHost.App, ConnectionString(new AzuritePorts(FreePort(), FreePort(), FreePort())));
        await host.HearsAsync("The host waits");

        await Signals.SendAsync("TERM", host.Id);

        Assert.NotEqual(0, (await host.EndsAsync()).Code);
    }

    [Fact]
    public async Task Run_StorageStalls_IsLiveButNotReadyAndGoesOnAfterwards()
    {
        await using var azurite = await AzuriteProcess.StartAsync(folder: null, new AzuritePorts(), default);
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString);
        var management = new Management(host.Client);
        var id = await management.StartAsync("AwaitEvent");
        await management.WaitAsync(id, "Running");

        await Signals.SendAsync("STOP", azurite.Id);
        await Eventually.BecomesAsync(() => StatusAsync(host, "healthz/ready"), status => status is HttpStatusCode.ServiceUnavailable);
        await host.HearsAsync("The host waits");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "healthz/live"));

        await Signals.SendAsync("CONT", azurite.Id);
        await Eventually.BecomesAsync(() => StatusAsync(host, "healthz/ready"), status => status is HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Accepted, await management.CallAsync(HttpMethod.Post, $"instances/{id}/raiseEvent/answer", "yes"));
        await management.WaitAsync(id, "Completed");
        Assert.Equal(0, await host.StopAsync());
    }

    private static async Task<HttpStatusCode> StatusAsync(SampleHost host, string path)
    {
        using var answer = await host.Client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>A port that the system gave and that is free again.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Azurite's published development account; it guards nothing.
    private static string ConnectionString(AzuritePorts ports) =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"BlobEndpoint=http://127.0.0.1:{ports.Blob}/devstoreaccount1;"
        + $"QueueEndpoint=http://127.0.0.1:{ports.Queue}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{ports.Table}/devstoreaccount1;";
}
