using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LznPipeline.Orchestrations.Tests.Workflows;

/// <summary>Today's workflows on the package's worker, client and in-memory engine, with fake activities.</summary>
internal static class WorkflowHost
{
    internal static async Task<OrchestrationMetadata> RunAsync(FakeAnswers answers, string workflow, string instance, object input)
    {
        var options = new DurableTaskTestHostOptions
        {
            Port = FreePort(),
            ConfigureServices = services => services
                .Configure<DurableTaskWorkerOptions>(worker => worker.DataConverter = new JsonDataConverter(HistoryJson.Options))
                .Configure<DurableTaskClientOptions>(client => client.DataConverter = new JsonDataConverter(HistoryJson.Options)),
        };
        await using var host = await DurableTaskTestHost.StartAsync(tasks => Register(tasks, answers), options);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await host.Client.ScheduleNewOrchestrationInstanceAsync(workflow, input, new StartOrchestrationOptions(instance), patience.Token);
        return await host.Client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: true, patience.Token);
    }

    private static void Register(DurableTaskRegistry tasks, FakeAnswers answers)
    {
        tasks.AddOrchestratorFunc<TrainRequest, TrainResult>(nameof(TrainWorkflow), (context, _) => TrainWorkflow.RunAsync(context));
        tasks.AddOrchestratorFunc<ReembedRequest, Shared.EmbeddingsRef>(nameof(ReembedWorkflow), (context, _) => ReembedWorkflow.RunAsync(context));
        tasks.AddOrchestratorFunc<GpuJobWatch, Activities.Jobs.FinishedJob?>(nameof(RunGpuJob), (context, _) => RunGpuJob.RunAsync(context));
        foreach (var activity in answers.Names.Where(name => name is not nameof(RunGpuJob)))
            tasks.AddActivityFunc<JsonElement, object?>(activity, (_, input) => answers.For(activity, input.GetRawText()));
    }

    /// <remarks>Without a port the package draws one at random, free or not.</remarks>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
