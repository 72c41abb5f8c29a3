using LznPipeline.Cli.Api;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LznPipeline.Cli.Tests.Api;

public sealed class RunViewTests
{
    [Fact]
    public void Line_Training_ShowsPercentLossRateAndTimeLeft()
    {
        var train = Step("train", JobState.Running, new JobProgress("train", 150, 600) { Loss = 0.25, ImagesPerSecond = 800, EtaSeconds = 75 });

        var line = RunView.Line(Run("Running", train));

        Assert.Equal("train running 25 % (150 of 600)  train  150/600  loss 0.2500  800 images/s  1:15 left", line);
    }

    [Fact]
    public void Table_PartsOfTheFanOut_AreOneLine()
    {
        var steps = new[]
        {
            Step("embed-00000", JobState.Done, null),
            Step("embed-00001", JobState.Running, null),
            Step("embed-00002", JobState.Pending, null)
        };

        var text = Text(RunView.Table(Run("Running", steps)));

        Assert.Single(text.Split('\n'), line => line.Contains("embed", StringComparison.Ordinal));
        Assert.Contains("1/3", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_ReusedStep_SaysSo()
    {
        Assert.Contains("reused", Text(RunView.Table(Run("Running", new RunStep("prepare", Reused: true, Job: null, Folder: null)))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pending", false)]
    [InlineData("Running", false)]
    [InlineData("Completed", true)]
    [InlineData("Failed", true)]
    [InlineData("Terminated", true)]
    public void IsOver_EachStatus_IsTrueOnlyAtTheEnd(string status, bool over) => Assert.Equal(over, RunView.IsOver(Run(status)));

    private static RunStep Step(string name, JobState state, JobProgress? progress) =>
        new(name, Reused: false, new JobStatus { Attempt = 1, State = state, UpdatedAt = DateTimeOffset.UnixEpoch, Progress = progress }, Folder: null);

    private static RunDetail Run(string status, params RunStep[] steps) => new("run", status, "train", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)
    {
        Request = new TrainRequest { Name = "n", Dataset = new DatasetRequest { Name = "d", Source = "s" } },
        Steps = steps,
    };

    private static string Text(IRenderable what)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 200;
        console.Write(what);
        return writer.ToString();
    }
}
