using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Lzn.Functions.Catalog;

/// <summary>Where the value of one parameter comes from.</summary>
internal enum ParameterOrigin
{
    /// <summary>The invocation itself, by the parameter's type.</summary>
    Context,

    /// <summary>The invocation's cancellation token, by the parameter's type.</summary>
    Cancellation,

    /// <summary>What started the function.</summary>
    Trigger,

    /// <summary>The durable client of a task hub.</summary>
    DurableClient,

    /// <summary>A converter named by an attribute, such as the one that reads the request's body.</summary>
    Converter,

    /// <summary>A value of the same name that the trigger brought along: route, query, header or body member.</summary>
    Name,
}

/// <summary>One parameter of a function's method and where its value comes from.</summary>
internal sealed record ParameterSource(FunctionParameter Parameter, ParameterOrigin Origin, BindingAttribute? Binding, Type? Converter)
{
    public static ParameterSource Of(ParameterInfo parameter)
    {
        var described = new FunctionParameter(parameter.Name ?? string.Empty, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null);
        var binding = parameter.GetCustomAttribute<BindingAttribute>();
        var converter = parameter.GetCustomAttribute<InputConverterAttribute>()?.ConverterType
            ?? parameter.ParameterType.GetCustomAttribute<InputConverterAttribute>()?.ConverterType;
        return new(described, OriginOf(described.Type, binding, converter), binding, converter);
    }

    private static ParameterOrigin OriginOf(Type type, BindingAttribute? binding, Type? converter)
    {
        if (type == typeof(FunctionContext))
            return ParameterOrigin.Context;
        if (type == typeof(CancellationToken))
            return ParameterOrigin.Cancellation;
        return binding switch
        {
            TriggerBindingAttribute => ParameterOrigin.Trigger,
            DurableClientAttribute => ParameterOrigin.DurableClient,
            _ when converter is not null => ParameterOrigin.Converter,
            _ => ParameterOrigin.Name,
        };
    }
}
