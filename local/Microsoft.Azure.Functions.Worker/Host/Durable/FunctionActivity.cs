using Lzn.Functions.Catalog;
using Lzn.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace Lzn.Functions.Durable;

/// <summary>An activity function as the engine runs it.</summary>
/// <param name="services">The scope the engine made for this invocation.</param>
internal sealed class FunctionActivity(FunctionDescriptor function, IServiceProvider services) : ITaskActivity
{
    public Type InputType => function.TriggerParameter.ParameterType == typeof(FunctionContext) ? typeof(object) : function.TriggerParameter.ParameterType;

    public Type OutputType => function.Result.Type ?? typeof(object);

    public async Task<object?> RunAsync(TaskActivityContext context, object? input)
    {
        var invocation = new InvocationContext(function, services, (_, _) => input)
        {
            Stop = services.GetRequiredService<Drain>().Over,
            InstanceId = context.InstanceId,
        };
        await services.GetRequiredService<InvocationLog>().RunAsync(invocation).ConfigureAwait(false);
        return invocation.Outcome.Value;
    }
}
