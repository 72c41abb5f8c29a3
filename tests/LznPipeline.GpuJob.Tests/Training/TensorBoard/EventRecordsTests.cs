using System.Globalization;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training.TensorBoard;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Training.TensorBoard;

public sealed class EventRecordsTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Take_NewFile_BeginsWithVersionAndTheSessionsFirstStep()
    {
        var events = EventFile.Read(new EventRecords(firstStep: 300, TimeProvider.System).Take()).ToList();

        Assert.Equal(["brain.Event:2", null], events.Select(each => each.FileVersion));
        Assert.Equal((true, 300), (events[1].StartsSession, events[1].Step));
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1e3 - events[0].WallTime, -1, 60);
    }

    [Fact]
    public void Take_ValuesOfAllSizes_AreReadAsTheyWere()
    {
        var records = new EventRecords(1, TimeProvider.System);
        var png = Pictures.Stripes(label: 1, number: 2, size: 40);
        records.Take();

        records.Add(long.MaxValue, [("a", -1.5), ("ä/b", double.NaN), (new string('x', 300), 1e30)]);
        records.Add(200, "samples", png);

        var events = EventFile.Read(records.Take()).ToList();
        Assert.Empty(records.Take());
        Assert.Equal([long.MaxValue, 200], events.Select(each => each.Step));
        Assert.Equal(
            [("a", -1.5), ("ä/b", double.NaN), (new string('x', 300), (float)1e30)],
            events[0].Values.Select(value => (value.Tag, value.Scalar!.Value)));
        var image = Assert.Single(events[1].Values).Image!;
        Assert.Equal((40, 40, 3), (image.Width, image.Height, image.ColorSpace));
        Assert.Equal(png, image.Png);
    }

    [Fact]
    public async Task Train_Done_BoardHasCurvesRatesAndPictures()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.samplesEvery", "3")));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var (shown, rows) = (await ShownAsync(job), await _place.MetricsAsync(job));
        Assert.Equal(
            [
                "learning_rate/decoder", "learning_rate/encoder", "learning_rate/label_anchors", "samples",
                "train/flow_loss", "train/gradient_norm", "train/images_per_second", "train/label_cross_entropy", "train/label_loss",
                "train/label_probability", "train/loss", "train/mean_loss"
            ],
            shown.Select(each => each.Tag).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            rows.Select(row => (long.Parse(row[1], CultureInfo.InvariantCulture), float.Parse(row[2], CultureInfo.InvariantCulture))),
            Scalars(shown, "train/loss"));
        Assert.Equal([0, 3, 6], shown.Where(each => each.Image is not null).Select(each => each.Step));
        Assert.Equal(await _place.BytesAsync(BlobLayout.JobSamples(job.RunId, job.Step, 6)), shown.Last(each => each.Image is not null).Image!.Png);
    }

    [Fact]
    public async Task Train_KilledAndResumed_BoardShowsEachStepOnceAsTheLastAttemptDidIt()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.samplesEvery", "1")));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        await _place.SetStatusAsync(job, status => status with { State = JobState.Lost, LastCheckpoint = BlobLayout.Checkpoint(job.RunId, job.Step, 3) });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        var shown = await ShownAsync(job);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], Scalars(shown, "train/loss").Select(point => point.Step));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], shown.Where(each => each.Image is not null).Select(each => each.Step));
        Assert.Equal(2, (await FilesAsync(job)).Length);
    }

    [Fact]
    public async Task Train_BoardSwitchedOff_WritesNoEventFile()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.tensorBoard", "false"), ("training.samplesEvery", "3")));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        Assert.Empty(await FilesAsync(job));
    }

    private static IEnumerable<(long Step, float Value)> Scalars(IEnumerable<EventFile.Shown> shown, string tag) =>
        shown.Where(each => each.Tag == tag).Select(each => (each.Step, (float)each.Scalar!.Value));

    private async Task<List<EventFile.Shown>> ShownAsync(TrainJob job) => EventFile.Show(await Task.WhenAll((await FilesAsync(job)).Select(_place.BytesAsync)));

    private Task<string[]> FilesAsync(TrainJob job) => _place.NamesAsync($"{BlobLayout.StepFolder(job.RunId, job.Step)}/events.out.tfevents.");
}
