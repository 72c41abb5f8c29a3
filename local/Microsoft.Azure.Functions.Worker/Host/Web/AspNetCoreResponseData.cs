using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Lzn.Functions.Web;

/// <summary>The ASP.NET Core response in the functions' own words; headers are handed over when the response starts.</summary>
internal sealed class AspNetCoreResponseData : HttpResponseData
{
    private readonly HttpResponse _response;

    public AspNetCoreResponseData(HttpResponse response, FunctionContext context)
        : base(context)
    {
        _response = response;
        StatusCode = HttpStatusCode.OK;
        Cookies = new AspNetCoreResponseCookies(response);
        response.OnStarting(HandOverHeaders);
    }

    public override HttpStatusCode StatusCode
    {
        get => (HttpStatusCode)_response.StatusCode;
        set => _response.StatusCode = (int)value;
    }

    public override HttpHeadersCollection Headers { get; set; } = [];

    public override Stream Body
    {
        get => _response.Body;
        set => _response.Body = value;
    }

    public override HttpCookies Cookies { get; }

    private Task HandOverHeaders()
    {
        foreach (var (name, values) in Headers.NonValidated)
            _response.Headers[name] = values.ToArray();
        return Task.CompletedTask;
    }
}
