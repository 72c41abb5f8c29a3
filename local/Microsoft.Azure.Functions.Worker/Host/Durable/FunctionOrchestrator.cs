using Lzn.Functions.Catalog;
using Lzn.Functions.Invocation;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lzn.Functions.Durable;

/// <summary>An orchestrator function as the engine runs it: through the middleware, again from its beginning at each replay.</summary>
/// <remarks>Everything here stays on the engine's synchronization context.</remarks>
internal sealed class FunctionOrchestrator(FunctionDescriptor function, IServiceProvider services) : ITaskOrchestrator
{
    public Type InputType => typeof(object);

    public Type OutputType => function.Result.Type ?? typeof(object);

    public async Task<object?> RunAsync(TaskOrchestrationContext context, object? input)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(true);
        var converter = services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter;
        var wrapped = new FunctionOrchestrationContext(context, input, converter);
        var invocation = new InvocationContext(function, scope.ServiceProvider, (_, _) => wrapped) { InstanceId = context.InstanceId };
        if (OrchestrationInput.ParameterOf(function) is { } parameter && OrchestrationInput.Bind(input, parameter.Type, converter) is { } bound)
            invocation.BoundEarly[parameter.Name] = bound;
        var log = services.GetRequiredService<ILogger<FunctionOrchestrator>>();
        using var lines = log.BeginScope(invocation.LogScope);
        try
        {
            await services.GetRequiredService<FunctionRunner>().RunAsync(invocation).ConfigureAwait(true);
            return invocation.Outcome.Value;
        }
        catch (Exception exception)
        {
            if (!context.IsReplaying)
                log.OrchestratorFailed(exception, function.Name, context.InstanceId);
            throw;
        }
    }
}
