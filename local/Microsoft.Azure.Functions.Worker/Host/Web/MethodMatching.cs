using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Lzn.Functions.Web;

/// <summary>Matches HTTP methods as part of the address: a wrong method is 404, as on Azure, where ASP.NET Core alone would say 405.</summary>
internal sealed class MethodMatching : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<AcceptedMethods>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            var methods = candidates[i].Endpoint.Metadata.GetMetadata<AcceptedMethods>()?.Methods ?? [];
            if (methods.Count > 0 && !methods.Contains(httpContext.Request.Method, StringComparer.OrdinalIgnoreCase))
                candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }
}
