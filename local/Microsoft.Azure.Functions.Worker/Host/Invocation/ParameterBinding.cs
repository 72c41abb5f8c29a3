using Lzn.Functions.Catalog;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lzn.Functions.Invocation;

/// <summary>Binds a function's parameters.</summary>
/// <remarks>Continuations stay on the caller's context throughout: an orchestrator must not leave its own.</remarks>
internal static class ParameterBinding
{
    /// <exception cref="FunctionInputConverterException">Parameters without a value or with one of the wrong type; all of them are listed.</exception>
    public static async ValueTask<object?[]> BindAsync(InvocationContext context)
    {
        var arguments = context.Function.Arguments;
        var values = new object?[arguments.Length];
        List<Exception>? errors = null;
        for (var i = 0; i < values.Length; i++)
        {
            var result = await BindAsync(context, arguments[i]).ConfigureAwait(true);
            if (result.Status == ConversionStatus.Succeeded)
                values[i] = result.Value;
            else
                (errors ??= []).Add(result.Error ?? Unresolved(arguments[i].Parameter));
        }

        return errors is null ? values : throw new FunctionInputConverterException(
            $"Function '{context.Function.Name}' cannot be called: {string.Join("; ", errors.Select(error => error.Message))}",
            errors.Count == 1 ? errors[0] : new AggregateException(errors));
    }

    public static async ValueTask<ConversionResult> BindAsync(InvocationContext context, ParameterSource source)
    {
        var parameter = source.Parameter;
        if (context.BoundEarly.TryGetValue(parameter.Name, out var early))
            return ConversionResult.Success(early);
        return source.Origin switch
        {
            ParameterOrigin.Context => ConversionResult.Success(context),
            ParameterOrigin.Cancellation => ConversionResult.Success(context.CancellationToken),
            ParameterOrigin.Trigger => ConversionResult.Success(context.Trigger(context, parameter.Type)),
            ParameterOrigin.DurableClient => ConversionResult.Success(context.InstanceServices.GetRequiredService<Durable.DurableClients>().For((DurableClientAttribute)source.Binding!)),
            ParameterOrigin.Converter => await ConvertAsync(context, source.Converter!, parameter, source: null).ConfigureAwait(true),
            _ => await ByNameAsync(context, parameter).ConfigureAwait(true),
        };
    }

    private static async ValueTask<ConversionResult> ByNameAsync(InvocationContext context, FunctionParameter parameter)
    {
        var text = await context.NamedValues.FindAsync(parameter.Name, context.CancellationToken).ConfigureAwait(true);
        foreach (var converter in context.InstanceServices.GetRequiredService<IOptions<WorkerOptions>>().Value.InputConverters)
        {
            var converted = await ConvertAsync(context, converter, parameter, text).ConfigureAwait(true);
            if (converted.Status != ConversionStatus.Unhandled)
                return converted;
        }

        if (text is not null)
            return FromText(context, parameter, text);
        if (parameter.HasDefaultValue)
            return ConversionResult.Success(parameter.DefaultValue);
        return parameter.IsReferenceOrNullableType ? ConversionResult.Success(null) : ConversionResult.Unhandled();
    }

    private static ConversionResult FromText(InvocationContext context, FunctionParameter parameter, string text)
    {
        try
        {
            return ConversionResult.Success(TextConversion.Convert(text, parameter.Type, context.Serializer()));
        }
        catch (FormatException exception)
        {
            return ConversionResult.Failed(new FormatException($"parameter '{parameter.Name}': {exception.Message}", exception));
        }
    }

    private static ValueTask<ConversionResult> ConvertAsync(InvocationContext context, Type converter, FunctionParameter parameter, object? source)
    {
        var instance = (IInputConverter)ActivatorUtilities.GetServiceOrCreateInstance(context.InstanceServices, converter);
        return instance.ConvertAsync(new ParameterConverterContext(parameter, source, context));
    }

    private static InvalidOperationException Unresolved(FunctionParameter parameter) =>
        new($"parameter '{parameter.Name}' ({parameter.Type.Name}) has no value in route, query, headers or body, no default, and cannot be null");

    private sealed class ParameterConverterContext(FunctionParameter parameter, object? source, FunctionContext context) : ConverterContext
    {
        public override Type TargetType => parameter.Type;

        public override object? Source => source;

        public override FunctionContext FunctionContext => context;

        public override IReadOnlyDictionary<string, object> Properties => parameter.Properties;
    }
}
