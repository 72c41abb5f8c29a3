using System.Net;
using LznPipeline.Cli.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace LznPipeline.Benchmarks;

/// <summary>Azurite behind a proxy that counts requests: each is one billed transaction of a storage account.</summary>
internal sealed class CountingStorage : IAsyncDisposable
{
    private readonly AzuriteProcess _azurite;
    private readonly WebApplication _proxy;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<int, string> _services;
    private long _requests;

    private CountingStorage(AzuriteProcess azurite, WebApplication proxy)
    {
        (_azurite, _proxy) = (azurite, proxy);
        int[] ports = [.. proxy.Urls.Select(url => new Uri(url).Port)];
        Uri[] services = [azurite.Blobs, azurite.Queues, azurite.Tables];
        _services = ports.Zip(services).ToDictionary(pair => pair.First, pair => pair.Second.AbsoluteUri);
        ConnectionString = azurite.ConnectionString;
        foreach (var (port, service) in ports.Zip(services))
            ConnectionString = ConnectionString.Replace($":{service.Port}/", $":{port}/", StringComparison.Ordinal);
    }

    internal string ConnectionString { get; }

    /// <summary>Past the proxy, which takes its time.</summary>
    internal string Uncounted => _azurite.ConnectionString;

    internal long Requests => Interlocked.Read(ref _requests);

    internal static async Task<CountingStorage> StartAsync(CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (var _ in Enumerable.Range(0, 3))
                kestrel.Listen(IPAddress.Loopback, 0);
        });
        var proxy = builder.Build();
        CountingStorage? self = null;
        var forwarder = proxy.Services.GetRequiredService<IHttpForwarder>();
        proxy.Run(http => self!.ForwardAsync(http, forwarder));        // set before anybody knows the ports
        await proxy.StartAsync(stop);
        return self = new CountingStorage(await AzuriteProcess.StartAsync(folder: null, new AzuritePorts(), stop), proxy);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _azurite.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext http, IHttpForwarder forwarder)
    {
        Interlocked.Increment(ref _requests);
        await forwarder.SendAsync(http, _services[http.Connection.LocalPort], _client);
    }
}
