namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger brought along: for HTTP the route's values and the query.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
