using Lzn.Functions.Catalog;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions.Web;

/// <summary>The addresses of all HTTP functions.</summary>
internal static class RouteTable
{
    /// <param name="functions">Functions to map; those without HTTP trigger are left out.</param>
    /// <param name="prefix">host.json's routePrefix.</param>
    /// <param name="problems">Takes templates that do not parse and addresses that two functions share.</param>
    public static IReadOnlyList<HttpRoute> Build(FunctionCatalog functions, string prefix, ICollection<string> problems)
    {
        var routes = new List<HttpRoute>();
        foreach (var (function, trigger) in functions.StartedBy<HttpTriggerAttribute>())
        {
            try
            {
                var route = HttpRoute.Of(function, trigger, prefix);
                if (routes.Find(route.Overlaps) is { } other)
                    problems.Add($"Functions '{other.Function.Name}' and '{function.Name}' answer at the same address {route.Display}. Change the Route or the methods of one.");
                routes.Add(route);
            }
            catch (RoutePatternException exception)
            {
                problems.Add($"Function '{function.Name}': route '{trigger.Route}' is not a route template: {exception.Message}");
            }
        }

        return routes;
    }
}
