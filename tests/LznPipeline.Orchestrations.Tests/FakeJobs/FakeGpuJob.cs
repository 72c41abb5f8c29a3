using System.Runtime.InteropServices;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Orchestrations.Tests.FakeJobs;

/// <summary>A program that honours the contract of <c>lzn-gpu</c> and computes nothing: <c>VERB --job BLOB --attempt N</c>.</summary>
/// <remarks>Files in the dataset's source folder steer it, see <see cref="FakeSource"/>.</remarks>
internal static class FakeGpuJob
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var verb, "--job", var blob, "--attempt", var attempt])
            return ExitCode.JobIsWrong;
        using var graceful = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            graceful.Cancel();
        });
        var store = await StoreAddress.OpenAsync(Environment.GetEnvironmentVariable(StoreAddress.Setting)!, CancellationToken.None);
        var job = await store.ReadJsonAsync<JobSpec>(blob, CancellationToken.None);
        return job.Verb == verb ? await RunAsync(store, job, int.Parse(attempt), graceful.Token) : ExitCode.JobIsWrong;
    }

    private static async Task<int> RunAsync(ArtifactStore store, JobSpec job, int attempt, CancellationToken graceful)
    {
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        if (await store.FindCellAsync<JobStatus>(name, CancellationToken.None) is not { } cell
            || cell.Value.Attempt != attempt
            || cell.Value.State is not JobState.Pending)
            return ExitCode.Done;
        var work = new FakeWork(store, job, attempt);
        var source = await work.SourceAsync();
        var status = await WriteAsync(store, name, cell.Value, running => running with { State = JobState.Running });
        source.Note($"{job.Step} {attempt} {Environment.ProcessId} from {status?.LastCheckpoint ?? "the start"}");

        while (status is not null && source.IsHeld(job) && !graceful.IsCancellationRequested)
        {
            status = await WriteAsync(store, name, status, running => running with
            {
                Progress = new JobProgress("hold", 1, 2),
                LastCheckpoint = job is TrainJob ? "a-checkpoint" : null
            });
            await Task.Delay(Beat, CancellationToken.None);
        }

        if (status is null)
            return ExitCode.TryAgain;       // fenced
        if (graceful.IsCancellationRequested)
            return await EndAsync(store, name, status, JobState.Interrupted, new JobFailure(ExitCode.Interrupted, "Stopped on request."));
        if (source.Wrong is { } wrong)
            return await EndAsync(store, name, status, JobState.Failed, new JobFailure(ExitCode.JobIsWrong, wrong));
        if (source.FailsNow(job))
            return await EndAsync(store, name, status, JobState.Failed, new JobFailure(ExitCode.Bug, "It failed this time."));
        await work.WriteResultAsync();
        return await EndAsync(store, name, status, JobState.Done, failure: null);
    }

    private static async Task<int> EndAsync(ArtifactStore store, string name, JobStatus status, JobState state, JobFailure? failure) =>
        await WriteAsync(store, name, status, running => running with { State = state, Failure = failure }) is null
            ? ExitCode.TryAgain
            : failure?.ExitCode ?? ExitCode.Done;

    /// <returns>What was written; null when the job was taken away from this attempt.</returns>
    private static async Task<JobStatus?> WriteAsync(ArtifactStore store, string name, JobStatus last, Func<JobStatus, JobStatus> change)
    {
        while (true)
        {
            var cell = await store.FindCellAsync<JobStatus>(name, CancellationToken.None);
            if (cell is null || cell.Value.Attempt != last.Attempt || cell.Value.State != last.State)
                return null;
            var next = change(cell.Value) with { UpdatedAt = DateTimeOffset.UtcNow };
            if (await store.ReplaceJsonAsync(name, next, cell.ETag, CancellationToken.None) is not null)
                return next;
        }
    }
}
