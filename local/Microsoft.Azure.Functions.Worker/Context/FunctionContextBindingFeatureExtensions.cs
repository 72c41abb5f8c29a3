using Lzn.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Bindings of an invocation, for middleware.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>Binds a parameter ahead of the function; the function gets the value that is left here.</summary>
    public static async ValueTask<InputBindingData<T>> BindInputAsync<T>(this FunctionContext context, BindingMetadata bindingMetadata)
    {
        ArgumentNullException.ThrowIfNull(bindingMetadata);
        var invocation = (InvocationContext)context;
        var source = invocation.Function.Arguments.Single(argument => string.Equals(argument.Parameter.Name, bindingMetadata.Name, StringComparison.OrdinalIgnoreCase));
        var bound = await ParameterBinding.BindAsync(invocation, source).ConfigureAwait(true);
        if (bound.Status == ConversionStatus.Failed)
            throw new FunctionInputConverterException(bound.Error!.Message, bound.Error);
        invocation.BoundEarly[source.Parameter.Name] = bound.Value;
        return new EarlyInput<T>(invocation, bindingMetadata);
    }

    public static InvocationResult GetInvocationResult(this FunctionContext context) => ((InvocationContext)context).Outcome;

    /// <exception cref="InvalidOperationException">The result is not a <typeparamref name="T"/>.</exception>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => ((InvocationContext)context).Outcome.As<T>();

    /// <summary>The outputs in properties of the function's result; a plain result is none of them.</summary>
    public static IEnumerable<OutputBindingData<T>> GetOutputBindings<T>(this FunctionContext context)
    {
        var invocation = (InvocationContext)context;
        return invocation.Function.OutputBindings.Values
            .Where(binding => binding.Name != "$return")
            .Select(binding => new PropertyOutput<T>(invocation.Outcome, binding));
    }

    private sealed class EarlyInput<T>(InvocationContext invocation, BindingMetadata binding) : InputBindingData<T>
    {
        public override BindingMetadata BindingMetadata { get; } = binding;

        public override T? Value
        {
            get => invocation.BoundEarly[BindingMetadata.Name] is T value ? value : default;
            set => invocation.BoundEarly[BindingMetadata.Name] = value;
        }
    }

    private sealed class PropertyOutput<T>(InvocationOutcome outcome, BindingMetadata binding) : OutputBindingData<T>
    {
        public override string Name => binding.Name;

        public override string BindingType => binding.Type;

        public override T? Value
        {
            get => outcome.Value?.GetType().GetProperty(Name)?.GetValue(outcome.Value) is T value ? value : default;
            set => outcome.Value?.GetType().GetProperty(Name)?.SetValue(outcome.Value, value);
        }
    }
}
