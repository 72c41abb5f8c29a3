using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Xunit.Abstractions;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 20;
    private const int Iterations = 30;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>Each moment lies in a twentieth of its own of the program's whole life, so that start, steps, pictures and checkpoints are all hit.</summary>
    [Fact]
    public async Task Train_KilledAtTwentyRandomMoments_EndsWithTheBitsOfAnUninterruptedRun()
    {
        await _place.PublishDatasetAsync();
        await EndsAsync(NewJob("warm-up"));         // reads the program's files for the first time
        var (whole, start) = (NewJob("whole"), TimeProvider.System.GetTimestamp());
        var began = start;
        await EndsAsync(whole);
        var duration = TimeProvider.System.GetElapsedTime(began);
        var expected = await WeightsAsync(whole);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var parts = Enumerable.Range(0, Kills).ToArray();
        random.Shuffle(parts);
        output.WriteLine($"Seed {seed}; uninterrupted {duration.TotalSeconds:0.00} s");

        var (kills, jobs) = (0, 0);
        for (; kills < Kills; jobs++)
        {
            var (job, attempt) = (NewJob($"train-{jobs}"), 1);
            began = TimeProvider.System.GetTimestamp();
            for (; kills < Kills && await IsKilledAsync(job, attempt, duration * (parts[kills] + random.NextDouble()) / Kills); attempt++)
                kills++;
            if (attempt == 1 && TimeProvider.System.GetElapsedTime(began) is var shorter && shorter < duration)
                duration = shorter;                 // the machine has become less busy
            await EndsAsync(job, attempt);          // if the last one was killed; else nothing is left to do

            Assert.Equal((seed, expected), (seed, await WeightsAsync(job)));
            Assert.Equal(
                Enumerable.Range(1, Iterations).Select(iteration => $"{iteration}"),
                (await _place.MetricsAsync(job)).Select(row => row[1]).Distinct());
        }

        output.WriteLine($"{kills} kills of {jobs} trainings in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private static TrainJob NewJob(string step) => Workplace.Train(
        Workplace.TinyRecipe(("training.iterations", $"{Iterations}"), ("training.checkpointEvery", "3"), ("training.samplesEvery", "10")), step);

    private async Task<bool> IsKilledAsync(TrainJob job, int attempt, TimeSpan after)
    {
        using var program = await StartAsync(job, attempt);
        var killed = await program.IsKilledAfterAsync(after);
        output.WriteLine($"{job.Step}, attempt {attempt}: {after.TotalSeconds:0.00} s, {(killed
            ? $"killed, last checkpoint {Path.GetFileName(
                (await _place.Store.FindJsonAsync<JobStatus>(BlobLayout.JobStatus(job.RunId, job.Step), default))?.LastCheckpoint) ?? "none"}"
            : "had ended")}");
        return killed;
    }

    private async Task EndsAsync(TrainJob job, int attempt = 1)
    {
        using var program = await StartAsync(job, attempt);
        await program.SucceedsAsync();
    }

    private async Task<RunningProgram> StartAsync(TrainJob job, int attempt) =>
        RunningProgram.Start(await _place.ProgramAsync(job, "--attempt", $"{attempt}"), ("OMP_NUM_THREADS", "1"));

    /// <summary>Of the attempt that was done; the next one then found nothing left to do.</summary>
    private async Task<string> WeightsAsync(TrainJob job)
    {
        var status = await _place.StatusAsync(job);
        Assert.Equal(JobState.Done, status.State);
        return (await _place.ResultAsync<TrainJobResult>(job, status.Attempt)).Weights.Sha256;
    }
}
