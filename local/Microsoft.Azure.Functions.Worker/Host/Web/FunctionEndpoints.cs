using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Lzn.Functions.Web;

/// <summary>The HTTP functions as endpoints of ASP.NET Core's routing.</summary>
internal sealed class FunctionEndpoints(IReadOnlyList<HttpRoute> routes) : EndpointDataSource
{
    public override IReadOnlyList<Endpoint> Endpoints { get; } = [.. routes.Select(Build)];

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    private static Endpoint Build(HttpRoute route)
    {
        var builder = new RouteEndpointBuilder(
            http => http.RequestServices.GetRequiredService<HttpFunctionHandler>().HandleAsync(http, route.Function, route.Level), route.Pattern, order: 0)
        {
            DisplayName = route.Function.Name,
        };
        builder.Metadata.Add(new AcceptedMethods(route.Methods));
        return builder.Build();
    }
}

/// <summary>The HTTP methods an endpoint takes; all when empty.</summary>
internal sealed record AcceptedMethods(IReadOnlyList<string> Methods);
