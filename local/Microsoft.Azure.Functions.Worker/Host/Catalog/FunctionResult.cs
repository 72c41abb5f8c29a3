using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;

namespace Lzn.Functions.Catalog;

/// <summary>What a function returns: nothing, one value, or an object with a property that is the HTTP response.</summary>
/// <param name="Type">The value's type, out of its task; null for none.</param>
/// <param name="HttpProperty">The property that is the response, when the value has several outputs.</param>
internal sealed record FunctionResult(Type? Type, PropertyInfo? HttpProperty)
{
    public static FunctionResult Of(Type returned)
    {
        var type = Unwrap(returned);
        return new(type, type is null ? null : Array.Find(type.GetProperties(), IsResponse));
    }

    /// <summary>The response among what the function returned.</summary>
    public object? Response(object? value) => value is not null && HttpProperty is not null && HttpProperty.DeclaringType!.IsInstanceOfType(value)
        ? HttpProperty.GetValue(value)
        : value;

    public IImmutableDictionary<string, BindingMetadata> Bindings(bool isHttp)
    {
        var bindings = ImmutableDictionary.CreateBuilder<string, BindingMetadata>();
        foreach (var property in Type?.GetProperties() ?? [])
        {
            if (property == HttpProperty)
                bindings.Add(property.Name, new Binding(property.Name, "http", BindingDirection.Out));
            else if (property.GetCustomAttribute<OutputBindingAttribute>() is { } output)
                bindings.Add(property.Name, new Binding(property.Name, FunctionDescriptor.TypeOf(output), BindingDirection.Out));
        }

        if (isHttp && HttpProperty is null)
            bindings.Add("$return", new Binding("$return", "http", BindingDirection.Out));
        return bindings.ToImmutable();
    }

    private static bool IsResponse(PropertyInfo property) =>
        property.GetCustomAttribute<HttpResultAttribute>() is not null || typeof(HttpResponseData).IsAssignableFrom(property.PropertyType);

    private static Type? Unwrap(Type returned)
    {
        if (returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask))
            return null;
        return returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? returned.GetGenericArguments()[0]
            : returned;
    }
}
