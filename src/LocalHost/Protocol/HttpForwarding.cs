using System.Net;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace LznPipeline.LocalHost.Protocol;

/// <summary>Passes the request of an HTTP function on to the worker, which pairs it with the invocation that it is told of by the id in a header.</summary>
internal sealed class HttpForwarding(IHttpForwarder forwarder) : IDisposable
{
    private const string Correlation = "x-ms-invocation-id";

    // As Azure's own front does: a connection on which nothing moves for so long is given up.
    private static readonly ForwarderRequestConfig Limits = new() { ActivityTimeout = TimeSpan.FromSeconds(230) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null,
    });

    /// <exception cref="WorkerLostException">The worker ended meanwhile.</exception>
    /// <exception cref="BadHttpRequestException">The body is too long, or cannot be read.</exception>
    internal async Task ForwardAsync(HttpContext http, Uri worker, string invocationId)
    {
        http.Request.Headers[Correlation] = invocationId;
        var error = await forwarder.SendAsync(http, worker.AbsoluteUri, _client, Limits);
        if (Causes(http.GetForwarderErrorFeature()?.Exception).OfType<BadHttpRequestException>().FirstOrDefault() is { } refused)
            throw refused;
        if (error is ForwarderError.Request or ForwarderError.NoAvailableDestinations)
            throw new WorkerLostException($"the request could not be passed on to it ({http.GetForwarderErrorFeature()?.Exception?.Message})");
    }

    public void Dispose() => _client.Dispose();

    private static IEnumerable<Exception> Causes(Exception? failure) => failure switch
    {
        null => [],
        AggregateException several => several.InnerExceptions.SelectMany(Causes),
        _ => Causes(failure.InnerException).Prepend(failure),
    };
}
