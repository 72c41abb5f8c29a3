namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the function returned; middleware may replace it after the function ran.</summary>
public abstract class InvocationResult : InvocationResult<object>;

/// <inheritdoc cref="InvocationResult"/>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}
