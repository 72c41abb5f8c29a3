using System.Reflection;
using Lzn.Functions.Catalog;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions.Web;

/// <summary>Address, methods and level of one HTTP function.</summary>
/// <param name="Methods">Accepted methods in upper case; all when empty.</param>
internal sealed record HttpRoute(FunctionDescriptor Function, RoutePattern Pattern, IReadOnlyList<string> Methods, AuthorizationLevel Level)
{
    public string Display => $"[{(Methods.Count == 0 ? "any" : string.Join(',', Methods))}] /{Pattern.RawText}{(Level == AuthorizationLevel.Anonymous ? string.Empty : $" ({Level} key)")}";

    public static HttpRoute Of(FunctionDescriptor function, HttpTriggerAttribute trigger, string prefix)
    {
        var route = string.IsNullOrEmpty(trigger.Route) ? function.Name : trigger.Route;
        var pattern = RoutePatternFactory.Parse($"{prefix.Trim('/')}/{route.TrimStart('/')}".TrimStart('/'));
        return new(function, pattern, [.. (trigger.Methods ?? []).Select(method => method.ToUpperInvariant())], LevelOf(function.TriggerParameter, trigger));
    }

    public bool Overlaps(HttpRoute other) =>
        string.Equals(Shape(Pattern), Shape(other.Pattern), StringComparison.OrdinalIgnoreCase)
        && (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Intersect(other.Methods, StringComparer.Ordinal).Any());

    // Two templates are the same address when they differ only in the names of their parameters.
    private static string Shape(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{(parameter.IsCatchAll ? "*" : string.Empty)}{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content))}}}",
        _ => string.Empty,
    }))));

    // A level that is not written out means Function, whatever the attribute's property reads: the build of the public package records written arguments only.
    private static AuthorizationLevel LevelOf(ParameterInfo parameter, HttpTriggerAttribute trigger)
    {
        var written = parameter.GetCustomAttributesData().Single(data => data.AttributeType == typeof(HttpTriggerAttribute));
        return written.ConstructorArguments.Any(argument => argument.ArgumentType == typeof(AuthorizationLevel)) ? trigger.AuthLevel : AuthorizationLevel.Function;
    }
}
