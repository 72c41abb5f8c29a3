using LznPipeline.Cli.Health;

namespace LznPipeline.Cli.Tests.Health;

public sealed class ExaminationTests
{
    [Fact]
    public async Task Program_IsThere_TellsItsVersion()
    {
        var finding = await Examination.ProgramAsync("bash", "bash", "nothing", default);

        Assert.Equal(FindingState.Good, finding.State);
        Assert.Matches(@"bash.*\d+\.\d+\.\d+", finding.Detail);
    }

    [Fact]
    public async Task Program_IsNotThere_SaysWhereToGetIt()
    {
        var finding = await Examination.ProgramAsync("Node.js", "no-such-program", "https://nodejs.org", default);

        Assert.Equal(Finding.Missing("Node.js", "there is no 'no-such-program' on the PATH", "https://nodejs.org"), finding);
    }

    [Fact]
    public async Task Program_Fails_TellsWhatItSaid()
    {
        var script = Path.GetTempFileName();
        Script.Write(script, "echo 'no SDK was found' >&2; exit 145");

        var finding = await Examination.ProgramAsync(".NET SDK", script, "https://dot.net/download", default);

        Assert.Equal(FindingState.Missing, finding.State);
        Assert.EndsWith("no SDK was found", finding.Detail, StringComparison.Ordinal);
        File.Delete(script);
    }

    [Theory]
    [InlineData(4, FindingState.Good)]
    [InlineData(3, FindingState.Good)]
    [InlineData(2.9, FindingState.Optional)]
    public void Amount_LeastOf3_IsGoodFromThere(double gib, object state) => Assert.Equal(state, Examination.Amount("Memory", gib, 3, "advice").State);
}
