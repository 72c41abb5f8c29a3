using Lzn.Functions.Catalog;
using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions.Invocation;

/// <summary>What the function returned, seen by middleware and at last by the trigger.</summary>
internal sealed class InvocationOutcome(FunctionResult shape) : InvocationResult
{
    public override object? Value { get; set; }

    /// <summary>The HTTP response in the value: the value itself or its response property.</summary>
    public object? Response => shape.Response(Value);

    public InvocationResult<T> As<T>() => Value is T ? new Typed<T>(this) : throw new InvalidOperationException(
        $"The invocation's result is {Value?.GetType().ToString() ?? "null"}, not the requested {typeof(T)}.");

    private sealed class Typed<T>(InvocationOutcome outcome) : InvocationResult<T>
    {
        public override T? Value
        {
            get => outcome.Value is T value ? value : default;
            set => outcome.Value = value;
        }
    }
}
