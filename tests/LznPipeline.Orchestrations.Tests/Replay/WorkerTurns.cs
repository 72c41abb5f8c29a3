using Google.Protobuf;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker.Grpc;
using TaskFailureDetails = Microsoft.DurableTask.Protobuf.TaskFailureDetails;

namespace LznPipeline.Orchestrations.Tests.Replay;

/// <summary>Runs an orchestration over a history as the worker does: the package's runner, the durable extension's own context, and the app's JSON.</summary>
internal sealed class WorkerTurns(IServiceProvider app)
{
    /// <summary>What the durable extension hands to an orchestration; it is internal there.</summary>
    private static readonly Type ExtensionContext = typeof(OrchestrationTriggerAttribute).Assembly
        .GetType("Microsoft.Azure.Functions.Worker.Extensions.DurableTask.FunctionsOrchestrationContext", throwOnError: true)!;

    /// <summary>Today's workflows by name.</summary>
    internal static IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Workflows { get; } =
        new Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>>
        {
            [nameof(TrainWorkflow)] = async context => await TrainWorkflow.RunAsync(context),
            [nameof(ReembedWorkflow)] = async context => await ReembedWorkflow.RunAsync(context),
            [nameof(RunGpuJob)] = async context => await RunGpuJob.RunAsync(context),
            [nameof(CancelWorkflow)] = async context => await CancelWorkflow.RunAsync(context),
        };

    /// <returns>What the workflow decided.</returns>
    internal OrchestratorResponse Run(OrchestratorRequest request, Func<TaskOrchestrationContext, Task<object?>> workflow)
    {
        var asked = Convert.ToBase64String(request.ToByteArray());
        var answer = GrpcOrchestrationRunner.LoadAndRun<object, object>(asked, (inner, _) => workflow(InExtension(inner)), app);
        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer));
        foreach (var completed in response.Actions.Where(action => action.CompleteOrchestration is not null))
            Forget(completed.CompleteOrchestration.FailureDetails);
        return response;
    }

    private TaskOrchestrationContext InExtension(TaskOrchestrationContext inner) =>
        (TaskOrchestrationContext)Activator.CreateInstance(ExtensionContext, inner, new FakeFunctionContext("workflow", "orchestrationTrigger", app))!;

    /// <summary>Stack traces name lines of code, which are no decision.</summary>
    private static void Forget(TaskFailureDetails? failure)
    {
        for (; failure is not null; failure = failure.InnerFailure)
            failure.StackTrace = null;
    }
}
