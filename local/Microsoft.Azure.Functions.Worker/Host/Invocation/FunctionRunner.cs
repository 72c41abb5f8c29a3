using System.Reflection;
using Lzn.Functions.Catalog;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Lzn.Functions.Invocation;

/// <summary>Runs an invocation through the app's middleware down to the function's method.</summary>
/// <remarks>Continuations stay on the caller's context throughout: an orchestrator must not leave its own.</remarks>
internal sealed class FunctionRunner(FunctionsWorkerApplicationBuilder app)
{
    private readonly FunctionExecutionDelegate _pipeline = app.BuildPipeline(context => CallAsync((InvocationContext)context));

    /// <summary>Runs the invocation; its outcome is in the context afterwards. Exceptions of function and middleware pass through.</summary>
    public Task RunAsync(InvocationContext context) => _pipeline(context);

    private static async Task CallAsync(InvocationContext context)
    {
        var arguments = await ParameterBinding.BindAsync(context).ConfigureAwait(true);
        var function = context.Function;
        var instance = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, function.Method.DeclaringType!);
        try
        {
            var returned = function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            context.Outcome.Value = await AwaitAsync(returned, function.Result).ConfigureAwait(true);
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(true);
            else
                (instance as IDisposable)?.Dispose();
        }
    }

    private static async Task<object?> AwaitAsync(object? returned, FunctionResult result)
    {
        var task = returned switch
        {
            Task running => running,
            ValueTask running => running.AsTask(),
            { } other when other.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
                (Task)type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(other, null)!,
            _ => null,
        };
        if (task is null)
            return returned;
        await task.ConfigureAwait(true);
        return result.Type is null ? null : task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task);
    }
}
