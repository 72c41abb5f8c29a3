using Lzn.Functions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The ASP.NET Core side of an HTTP function's invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>Null when something else than HTTP started the function.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(HttpFunctionHandler.HttpContextKey, out var http) ? http as HttpContext : null;
    }
}

/// <summary>Request and response of an HTTP function's invocation.</summary>
public static class FunctionContextHttpRequestExtensions
{
    /// <summary>Null when something else than HTTP started the function.</summary>
    public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.GetHttpContext() is { } http ? AspNetCoreRequestData.Of(http.Request, context) : null);
    }

    /// <summary>The response the function returned, alone or as a property of its result.</summary>
    public static HttpResponseData? GetHttpResponseData(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetInvocationResult().Value as HttpResponseData
            ?? context.GetOutputBindings<HttpResponseData>().FirstOrDefault(output => output.BindingType == "http")?.Value;
    }
}
