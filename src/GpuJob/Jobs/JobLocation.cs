using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>Where a job lies: a blob of a store, or a file whose folders are those of a store.</summary>
/// <param name="Job">Blob name or path of job.json.</param>
/// <param name="Address">The store's address, or null for the setting.</param>
internal sealed record JobLocation(string Job, string? Address)
{
    /// <summary>The options that name this place to another process.</summary>
    internal IEnumerable<string> Arguments => Address is null ? ["--job", Job] : ["--job", Job, "--store", Address];

    internal async Task<(ArtifactStore Store, JobSpec Job)> OpenAsync(string verb, CancellationToken stop)
    {
        var (address, name) = Resolve();
        var store = new PatientStore(await OpenStoreAsync(address, stop), Patience.Minutes);
        var job = await ReadAsync(store, name, stop);
        if (job.Verb != verb)
            throw new BadInputException($"'{Job}' is a job for '{job.Verb}', not for '{verb}'.");
        if (BlobLayout.Job(job.RunId, job.Step) != name)
            throw new BadInputException($"'{Job}' says that it is {BlobLayout.Job(job.RunId, job.Step)}. A job must lie where its run and step say.");
        return (store, job);
    }

    /// <summary>A file .../runs/RUN/STEP/job.json without an address means the folder store that it lies in.</summary>
    private (string Address, string Name) Resolve()
    {
        if (Address is not null || !File.Exists(Job))
        {
            var address = Address ?? Environment.GetEnvironmentVariable(StoreAddress.Setting)
                ?? throw new BadInputException($"No storage is named. Give --store, or set {StoreAddress.Setting}. ('{Job}' is no file either.)");
            return (address, Job);
        }

        var parts = Path.GetFullPath(Job).Split('/');
        if (parts.Length < 5 || parts[^4] != "runs")
            throw new BadInputException($"The file '{Job}' must lie in a folder runs/RUN/STEP of a store.");
        return ($"folder:{string.Join('/', parts[..^4])}", string.Join('/', parts[^4..]));
    }

    private static async Task<ArtifactStore> OpenStoreAsync(string address, CancellationToken stop)
    {
        try
        {
            return await Patience.Minutes.RunAsync(() => StoreAddress.OpenAsync(address, stop), stop);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException(wrong.Message, wrong);
        }
    }

    private static async Task<JobSpec> ReadAsync(ArtifactStore store, string name, CancellationToken stop)
    {
        try
        {
            return await store.ReadJsonAsync<JobSpec>(name, stop);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or InvalidDataException or NotSupportedException)
        {
            throw new BadInputException(wrong.Message, wrong);
        }
    }
}
