using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;

namespace LznPipeline.LocalHost.Http;

/// <summary>The durable extension's own HTTP API, at the address that Azure's host gives it. Answers carry no key: whoever may use a link has one.</summary>
#pragma warning disable CS0618 // the extension's way to be found is marked as not for everyone, and has no other
internal sealed class ManagementRoutes(Keys keys, IServer server) : IWebHookProvider
{
    private const string Path = "/runtime/webhooks/durabletask";

    private IAsyncConverter<HttpRequestMessage, HttpResponseMessage>? _extension;

    /// <summary>Called by the extension at its start and whenever it needs its address.</summary>
    public Uri GetUrl(IExtensionConfigProvider extension)
    {
        _extension ??= extension as IAsyncConverter<HttpRequestMessage, HttpResponseMessage>;
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1";
        return new Uri(new Uri(address), Path);
    }

    internal void Map(IEndpointRouteBuilder routes) => routes.Map(Path + "/{**rest}", keys.Guard(ServeAsync, "system"));

    private async Task ServeAsync(HttpContext http)
    {
        if (_extension is null)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var request = Message(http.Request);
        using var response = await _extension.ConvertAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content?.Headers.AsEnumerable() ?? []))
            http.Response.Headers[name] = values.ToArray();
        if (response.Content is { } content)
            await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static HttpRequestMessage Message(HttpRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.GetEncodedUrl()) { Content = new StreamContent(request.Body) };
        foreach (var (name, values) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray()))
                message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return message;
    }
}
#pragma warning restore CS0618
