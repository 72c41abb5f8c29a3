using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Runs;

/// <summary>Tells of runs: what their orchestrations say, and below that what their jobs say.</summary>
public sealed class RunReader(ArtifactStore store)
{
    private const int AtOnce = 16;

    /// <summary>Training runs, newest first.</summary>
    internal static async Task<RunSummary[]> ListAsync(DurableTaskClient client, CancellationToken stop)
    {
        var runs = new List<RunSummary>();
        await foreach (var run in client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).WithCancellation(stop))
        {
            if (run.Name == nameof(TrainWorkflow))
                runs.Add(new RunSummary(run.InstanceId, $"{run.RuntimeStatus}", StageOf(run), run.CreatedAt, run.LastUpdatedAt));
        }

        return [.. runs.OrderByDescending(run => run.CreatedAt)];
    }

    /// <summary>A run with its steps, or null when there is no such run.</summary>
    internal async Task<RunDetail?> FindAsync(DurableTaskClient client, string runId, CancellationToken stop)
    {
        if (await client.GetInstanceAsync(runId, getInputsAndOutputs: true, stop) is not { } run || run.Name != nameof(TrainWorkflow))
            return null;
        return new RunDetail(runId, $"{run.RuntimeStatus}", StageOf(run), run.CreatedAt, run.LastUpdatedAt)
        {
            Request = run.ReadInputAs<TrainRequest>() ?? throw new InvalidDataException($"Run '{runId}' was started without a request."),
            Steps = await StepsAsync(runId, stop),
            Result = run.RuntimeStatus is OrchestrationRuntimeStatus.Completed ? run.ReadOutputAs<TrainResult>() : null,
            Failure = run.RuntimeStatus is OrchestrationRuntimeStatus.Failed ? FailureOf(run) : null,
        };
    }

    /// <summary>Azure Storage keeps a failed instance's exception as its output alone: type, colon, message.</summary>
    private static string? FailureOf(OrchestrationMetadata run)
    {
        if (run.FailureDetails is { } details)
            return details.ErrorMessage;
        return run.SerializedOutput?.Split(": ", 2) is [var type, var message] && !type.Contains(' ', StringComparison.Ordinal)
            ? message
            : run.SerializedOutput;
    }

    private static string? StageOf(OrchestrationMetadata run) => run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<string>();

    private async Task<RunStep[]> StepsAsync(string runId, CancellationToken stop)
    {
        var (lineages, statuses) = (new List<string>(), new List<string>());
        await foreach (var name in store.ListAsync(BlobLayout.RunFolder(runId) + "/", stop))
        {
            if (name.Split('/') is [_, _, "lineage", _])
                lineages.Add(name);
            else if (name.Split('/') is [_, _, _, BlobLayout.JobStatusFile])
                statuses.Add(name);
        }

        var reused = (await ReadAsync<StepLineage>(lineages, stop))
            .Where(lineage => lineage.Value.Reused)
            .Select(lineage => new RunStep(lineage.Value.Step, Reused: true, Job: null, Folder: null));
        var jobs = (await ReadAsync<JobStatus>(statuses, stop)).Select(status => StepOf(status.Name, status.Value))
            .GroupBy(step => step.Name).Select(same => same.MaxBy(step => step.Job!.UpdatedAt)!);       // every one of these has a job, and a group has members
        return [.. reused.Concat(jobs).DistinctBy(step => step.Name).OrderBy(OrderOf).ThenBy(step => step.Name, StringComparer.Ordinal)];
    }

    private static RunStep StepOf(string statusName, JobStatus status)
    {
        var folder = statusName[..statusName.LastIndexOf('/')];
        return new RunStep(JobRef.NameOf(folder[(folder.LastIndexOf('/') + 1)..]), Reused: false, status, folder);
    }

    private static int OrderOf(RunStep step) =>
        RunSteps.All.ToList().FindIndex(name => step.Name == name || step.Name.StartsWith(name + "-", StringComparison.Ordinal));

    private async Task<IReadOnlyList<(string Name, T Value)>> ReadAsync<T>(List<string> names, CancellationToken stop)
        where T : class
    {
        var found = new (string Name, T? Value)[names.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForAsync(
            0, names.Count, parallel, async (index, token) => found[index] = (names[index], await store.FindJsonAsync<T>(names[index], token)));
        return [.. found.Where(item => item.Value is not null).Select(item => (item.Name, item.Value!))];
    }
}
