namespace Microsoft.DurableTask;

internal static class TaskInput
{
    /// <summary>Null becomes the default of <typeparamref name="T"/>; another type than <typeparamref name="T"/> is refused.</summary>
    public static T As<T>(object? input) => input switch
    {
        T typed => typed,
        null => default!, // the author's signature decides whether null is welcome
        _ => throw new ArgumentException($"Input type '{input.GetType()}' does not match expected type '{typeof(T)}'.", nameof(input)),
    };
}
