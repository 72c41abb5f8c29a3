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
    internal async Task ForwardAsync(HttpContext http, Uri worker, string invocationId)
    {
        http.Request.Headers[Correlation] = invocationId;
        var error = await forwarder.SendAsync(http, worker.AbsoluteUri, _client, Limits);
        if (error is ForwarderError.Request or ForwarderError.NoAvailableDestinations)
            throw new WorkerLostException($"the request could not be passed on to it ({http.GetForwarderErrorFeature()?.Exception?.Message})");
    }

    /// <summary>The status that a request deserves whose body could not be read; null where that was not the fault.</summary>
    internal static int? RefusalOf(HttpContext http) => Causes(http.GetForwarderErrorFeature()?.Exception).OfType<BadHttpRequestException>().FirstOrDefault()?.StatusCode;

    public void Dispose() => _client.Dispose();

    private static IEnumerable<Exception> Causes(Exception? failure) => failure switch
    {
        null => [],
        AggregateException several => several.InnerExceptions.SelectMany(Causes),
        _ => Causes(failure.InnerException).Prepend(failure),
    };
}
