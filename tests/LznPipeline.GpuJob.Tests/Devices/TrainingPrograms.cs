using System.Globalization;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>Starts the training program, in as many processes as wanted, on a small dataset.</summary>
internal sealed class TrainingPrograms : IDisposable
{
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(3);

    internal Workplace Place { get; } = new();

    public void Dispose() => Place.Dispose();

    /// <summary>A job that ends when it is ended.</summary>
    internal async Task<TrainJob> EndlessAsync()
    {
        await Place.PublishDatasetAsync();
        return Workplace.Train(Workplace.TinyRecipe(("training.batchSize", "12"), ("training.decoderBatchSize", "6"), ("training.iterations", "100000000"), ("training.checkpointEvery", "100000000")));
    }

    internal async Task<RunningProgram> StartAsync(TrainJob job, params string[] options) => RunningProgram.Start(await Place.ProgramAsync(job, options));

    internal async Task<RunningProgram> StartNodeAsync(TrainJob job, int rank, ReservedPort port, int devices, params string[] options) => RunningProgram.Start(
        await Place.ProgramAsync(job, ["--devices", $"{devices}", .. options]),
        ("WORLD_SIZE", "2"), ("NODE_RANK", $"{rank}"), ("MASTER_ADDR", "127.0.0.1"), ("MASTER_PORT", $"{port.Number}"));

    internal async Task<RunningProgram> StartHostAsync(TwoHosts network, int host, TrainJob job, string transport) => RunningProgram.Start(
        network.On(host, await Place.ProgramAsync(job, "--devices", "1", "--transport", transport)),
        ("WORLD_SIZE", "2"), ("NODE_RANK", $"{host}"), ("MASTER_ADDR", TwoHosts.AddressOf(0)), ("MASTER_PORT", "29500"));      // all ports of the first host are free

    /// <summary>Waits for the first iteration.</summary>
    internal Task<(JobProgress? Progress, string Output)> TrainsAsync(TrainJob job, RunningProgram program) =>
        Eventually.BecomesAsync(async () => ((await Place.StatusAsync(job)).Progress, program.Output), state => state.Progress is { Stage: "train", Done: > 0 }, Minutes);

    internal async Task AssertSameLossesAsync(TrainJob expected, TrainJob actual)
    {
        var (one, several) = (await LossesAsync(expected), await LossesAsync(actual));
        Assert.Equal(expected.Recipe.Training.Iterations, one.Length);
        Assert.Equal(one.Length, several.Length);
        Assert.All(one.Zip(several), pair => Assert.InRange(Math.Abs(pair.Second / pair.First - 1), 0, 1e-4));
    }

    private async Task<double[]> LossesAsync(TrainJob job)
    {
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Place.Root, "store", BlobLayout.JobMetrics(job.RunId, job.Step)))).Select(line => line.Split(',')).ToArray();
        var column = Array.IndexOf(lines[0], "loss");
        return [.. lines.Skip(1).Select(line => double.Parse(line[column], CultureInfo.InvariantCulture))];
    }
}
