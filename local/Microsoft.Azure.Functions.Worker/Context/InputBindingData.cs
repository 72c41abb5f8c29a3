namespace Microsoft.Azure.Functions.Worker;

/// <summary>A parameter's value, bound ahead of the function by middleware, which may replace it.</summary>
public abstract class InputBindingData<T>
{
    public abstract BindingMetadata BindingMetadata { get; }

    public abstract T? Value { get; set; }
}

/// <summary>The value of one output binding after the function ran.</summary>
public abstract class OutputBindingData<T>
{
    public abstract string Name { get; }

    public abstract string BindingType { get; }

    public abstract T? Value { get; set; }
}
