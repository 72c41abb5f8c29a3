namespace Microsoft.DurableTask;

/// <summary>
/// Base of class-style orchestrators. The code is replayed from its history, so it must be deterministic: time, ids, waiting and
/// I/O come only from the context and from activities.
/// </summary>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    Type ITaskOrchestrator.InputType => typeof(TInput);

    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await RunAsync(context, TaskInput.As<TInput>(input)).ConfigureAwait(true); // stays on the orchestration's own context
    }

    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);
}
