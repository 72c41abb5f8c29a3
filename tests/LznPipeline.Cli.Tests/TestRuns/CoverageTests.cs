using System.Xml.Linq;
using LznPipeline.Cli.Hosting;
using LznPipeline.Cli.TestRuns;

namespace LznPipeline.Cli.Tests.TestRuns;

public sealed class CoverageTests
{
    [Fact]
    public void Add_TwoProjects_CountsALineOnceAndAsCoveredIfAnyRanIt()
    {
        var coverage = new Coverage();

        coverage.Add(Report("src/Cli/Program.cs", (1, 1), (2, 0), (3, 0)));
        coverage.Add(Report("src/Cli/Program.cs", (2, 5), (3, 0)));

        Assert.Equal((2, 3), (coverage.Covered, coverage.Lines));
        Assert.Equal([("src/Cli", 2, 3)], coverage.ByFolder());
    }

    [Fact]
    public void Add_LinesOfTests_DoNotCount()
    {
        var coverage = new Coverage();

        coverage.Add(Report("tests/Testing/Eventually.cs", (1, 1)));

        Assert.Equal(0, coverage.Lines);
    }

    private static XDocument Report(string file, params (int Number, int Hits)[] lines) => new(
        new XElement("coverage",
            new XElement("sources", new XElement("source", Repository.Root + "/")),
            new XElement("class", new XAttribute("filename", file), new XElement("lines",
                lines.Select(line => new XElement("line", new XAttribute("number", line.Number), new XAttribute("hits", line.Hits)))))));
}
