using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Jobs;

/// <summary>Writes down what jobs shall do: <c>job.json</c>, once, in a folder that is named by its content.</summary>
public sealed class JobBook(ArtifactStore store)
{
    /// <param name="job">Its step is the step's plain name; the key is added here.</param>
    internal async Task<JobRef> WriteAsync(JobSpec job, CancellationToken stop)
    {
        var keyed = job.Keyed();
        await store.CreateJsonAsync(BlobLayout.Job(keyed.RunId, keyed.Step), keyed, stop);
        return keyed.Ref;
    }

    internal async Task<T> ReadAsync<T>(JobRef job, CancellationToken stop)
        where T : JobSpec
    {
        var name = BlobLayout.Job(job.RunId, job.Step);
        return await store.ReadJsonAsync<JobSpec>(name, stop) as T ?? throw new InvalidDataException($"'{name}' is not a {typeof(T).Name}.");
    }

    /// <summary>The result of the attempt that counts.</summary>
    internal async Task<T> ResultAsync<T>(JobRef job, int attempt, CancellationToken stop)
        where T : JobResult
    {
        var name = BlobLayout.JobResult(job.RunId, job.Step, attempt);
        var status = await store.ReadJsonAsync<JobStatus>(BlobLayout.JobStatus(job.RunId, job.Step), stop);
        if (status.State is not JobState.Done || status.Attempt != attempt)
            throw new InvalidDataException($"'{name}' does not count: the job is at attempt {status.Attempt}, {status.State}.");
        return await store.ReadJsonAsync<JobResult>(name, stop) as T ?? throw new InvalidDataException($"'{name}' is not a {typeof(T).Name}.");
    }
}
