using System.Globalization;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>Starts the training program, in as many processes as wanted, on a small dataset.</summary>
internal sealed class TrainingPrograms : IDisposable
{
    internal Workplace Place { get; } = new();

    public void Dispose() => Place.Dispose();

    /// <summary>A job that ends when it is ended; or after some minutes, in case the tests themselves are killed.</summary>
    internal async Task<TrainJob> EndlessAsync()
    {
        await Place.PublishDatasetAsync();
        return Workplace.Train(Workplace.TinyRecipe(
            ("training.batchSize", "12"), ("training.decoderBatchSize", "6"), ("training.iterations", "200000"), ("training.checkpointEvery", "200000")));
    }

    /// <summary>A job that was done in a single process, with which others are compared.</summary>
    internal async Task<TrainJob> TrainedAloneAsync(Recipe recipe)
    {
        await Place.PublishDatasetAsync();
        var job = Workplace.Train(recipe, "train-alone");
        using var alone = await StartAsync(job, "--devices", "1");
        await alone.SucceedsAsync();
        return job;
    }

    internal async Task<RunningProgram> StartAsync(TrainJob job, params string[] options) => RunningProgram.Start(await Place.ProgramAsync(job, options));

    internal async Task<RunningProgram> StartNodeAsync(TrainJob job, int rank, ReservedPort port, int devices, params string[] options) => RunningProgram.Start(
        await Place.ProgramAsync(job, ["--devices", $"{devices}", .. options]),
        ("WORLD_SIZE", "2"), ("NODE_RANK", $"{rank}"), ("MASTER_ADDR", "127.0.0.1"), ("MASTER_PORT", $"{port.Number}"));

    internal async Task<RunningProgram> StartHostAsync(TwoHosts network, int host, TrainJob job, params string[] options) => RunningProgram.Start(
        network.On(host, await Place.ProgramAsync(job, ["--devices", "1", .. options])),
        // all ports of the first host are free
        ("WORLD_SIZE", "2"), ("NODE_RANK", $"{host}"), ("MASTER_ADDR", TwoHosts.AddressOf(0)), ("MASTER_PORT", "29500"));

    /// <summary>Waits for the first iteration.</summary>
    internal Task<(JobProgress? Progress, string Output)> TrainsAsync(TrainJob job, RunningProgram program) =>
        Eventually.BecomesAsync(
            async () => ((await Place.StatusAsync(job)).Progress, program.Output), state => state.Progress is { Stage: "train", Done: > 0 });

    /// <summary>All of them end as a group does that may be tried again.</summary>
    internal static async Task AssertEndAsync(params RunningProgram[] programs)
    {
        foreach (var program in programs)
            Assert.Equal(ExitCode.TryAgain, await program.EndAsync());
    }

    internal async Task AssertSameLossesAsync(TrainJob expected, TrainJob actual)
    {
        var (one, several) = (await LossesAsync(expected), await LossesAsync(actual));
        Assert.Equal(expected.Recipe.Training.Iterations, one.Length);
        Assert.Equal(one.Length, several.Length);
        Assert.All(one.Zip(several), pair => Assert.InRange(Math.Abs(pair.Second / pair.First - 1), 0, 1e-4));
    }

    private async Task<double[]> LossesAsync(TrainJob job)
    {
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Place.Root, "store", BlobLayout.JobMetrics(job.RunId, job.Step))))
            .Select(line => line.Split(',')).ToArray();
        var column = Array.IndexOf(lines[0], "loss");
        return [.. lines.Skip(1).Select(line => double.Parse(line[column], CultureInfo.InvariantCulture))];
    }
}
