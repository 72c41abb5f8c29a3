using LznPipeline.Cli.TestRuns;

namespace LznPipeline.Cli.Tests.TestRuns;

public sealed class TestOutcomeTests : IDisposable
{
    private readonly string _trx = Path.GetTempFileName();

    [Fact]
    public void Read_TrxWithAllKinds_CountsThemAndKeepsTheFailure()
    {
        Write("""
            <UnitTestResult testName="A" outcome="Passed" />
            <UnitTestResult testName="B" outcome="Passed" />
            <UnitTestResult testName="C" outcome="NotExecuted" />
            <UnitTestResult testName="D" outcome="Failed"><Output><ErrorInfo><Message>expected 1, got 2</Message><StackTrace>at D.cs</StackTrace></ErrorInfo></Output></UnitTestResult>
            """);

        var outcome = TestOutcome.Read("project", _trx, exitCode: 1, output: "", TimeSpan.Zero);

        Assert.Equal((2, 1), (outcome.Passed, outcome.Skipped));
        Assert.Equal(new TestFailure("D", "expected 1, got 2", "at D.cs"), Assert.Single(outcome.Failures));
    }

    [Fact]
    public void Read_CrashAfterPassedTests_IsAFailure()
    {
        Write("<UnitTestResult testName=\"A\" outcome=\"Passed\" />");

        var outcome = TestOutcome.Read("project", _trx, exitCode: 134, output: "The test host crashed", TimeSpan.Zero);

        Assert.Equal("The test host crashed", Assert.Single(outcome.Failures).Details);
    }

    [Fact]
    public void Read_NoTrx_IsAFailure()
    {
        var outcome = TestOutcome.Read("project", _trx + ".none", exitCode: 0, output: "nothing ran", TimeSpan.Zero);

        Assert.Single(outcome.Failures);
    }

    [Fact]
    public void Read_FilterThatChoseNothing_IsNoFailure()
    {
        Write("");

        Assert.Empty(TestOutcome.Read("project", _trx, exitCode: 0, output: "", TimeSpan.Zero).Failures);
    }

    [Fact]
    public void Sum_SeveralProjects_IsOnePlainLine()
    {
        var failure = new TestFailure("A", "message", "details");

        var sum = TestOutcome.Sum([new("a", Passed: 7, Skipped: 1, [failure], TimeSpan.Zero), new("b", Passed: 1000, Skipped: 0, [], TimeSpan.Zero)]);

        Assert.Equal("1007 passed, 1 failed, 1 skipped", sum);
    }

    public void Dispose() => File.Delete(_trx);

    private void Write(string results) =>
        File.WriteAllText(_trx, $"<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>{results}</Results></TestRun>");
}
