using System.Xml.Linq;

namespace LznPipeline.Cli.TestRuns;

/// <summary>What a run of one test project gave.</summary>
internal sealed record TestOutcome(string Project, int Passed, int Skipped, IReadOnlyList<TestFailure> Failures, TimeSpan Time)
{
    /// <summary>The line that closes a run of projects, and that continuous integration reads: <c>N passed, N failed, N skipped</c>.</summary>
    internal static string Sum(IReadOnlyCollection<TestOutcome> outcomes) =>
        $"{outcomes.Sum(each => each.Passed)} passed, {outcomes.Sum(each => each.Failures.Count)} failed, {outcomes.Sum(each => each.Skipped)} skipped";

    /// <summary>Tests that were chosen, whatever became of them.</summary>
    internal int Count => Passed + Skipped + Failures.Count;

    /// <summary>Reads a TRX file.</summary>
    /// <param name="exitCode">
    /// Of <c>dotnet test</c>; one that says failure without a failed test, such as a crash or a hang, counts as a failure of its own.
    /// </param>
    /// <param name="output">Of <c>dotnet test</c>, to be shown then.</param>
    internal static TestOutcome Read(string project, string trx, int exitCode, string output, TimeSpan time)
    {
        var results = File.Exists(trx)
            ? [.. XDocument.Load(trx).Descendants().Where(element => element.Name.LocalName == "UnitTestResult")]
            : new List<XElement>();
        var failures = results.Where(result => Outcome(result) == "Failed").Select(Failure).ToList();
        if (failures.Count == 0 && (exitCode != 0 || !File.Exists(trx)))
            failures.Add(new TestFailure(
                project, $"dotnet test ended with {exitCode} and without a failed test: the test process crashed, hung or could not start.", output));
        return new TestOutcome(
            project, results.Count(result => Outcome(result) == "Passed"), results.Count(result => Outcome(result) == "NotExecuted"), failures, time);
    }

    private static string? Outcome(XElement result) => (string?)result.Attribute("outcome");

    private static TestFailure Failure(XElement result)
    {
        string Text(string name) =>
            string.Join(Environment.NewLine, result.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value));
        var details = string.Join(Environment.NewLine, Text("StackTrace"), Text("StdOut")).Trim();
        return new TestFailure((string?)result.Attribute("testName") ?? "a test without a name", Text("Message"), details);
    }
}

/// <summary>A failed test with all that it said.</summary>
internal sealed record TestFailure(string Test, string Message, string Details);
