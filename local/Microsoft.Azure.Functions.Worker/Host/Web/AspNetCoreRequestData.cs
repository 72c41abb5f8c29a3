using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Lzn.Functions.Web;

/// <summary>The ASP.NET Core request in the functions' own words.</summary>
internal sealed class AspNetCoreRequestData(HttpRequest request, FunctionContext context) : HttpRequestData(context)
{
    private HttpHeadersCollection? _headers;
    private List<IHttpCookie>? _cookies;

    public override Stream Body => request.Body;

    public override HttpHeadersCollection Headers => _headers ??= new(request.Headers.Select(header => KeyValuePair.Create(header.Key, (IEnumerable<string>)header.Value!)));

    public override IReadOnlyCollection<IHttpCookie> Cookies => _cookies ??= [.. request.Cookies.Select(cookie => new HttpCookie(cookie.Key, cookie.Value))];

    public override Uri Url { get; } = new(request.GetEncodedUrl());

    public override IEnumerable<ClaimsIdentity> Identities => request.HttpContext.User.Identities;

    public override string Method => request.Method;

    /// <summary>The one request data of an invocation.</summary>
    public static HttpRequestData Of(HttpRequest request, FunctionContext context)
    {
        if (context.Features.Get<HttpRequestData>() is { } known)
            return known;
        HttpRequestData made = new AspNetCoreRequestData(request, context);
        context.Features.Set(made);
        return made;
    }

    public override HttpResponseData CreateResponse() => new AspNetCoreResponseData(request.HttpContext.Response, FunctionContext);
}
