namespace LznPipeline.Shared.Tests.Tree;

/// <summary>Lines of code end where <c>.editorconfig</c> says (<c>max_line_length</c>), but for texts that would change if they were broken.</summary>
public sealed class LineLengthTests
{
    private const int Max = 160;
    private const string Raw = "\"\"\"";

    [Fact]
    public void Lines_OfAllSources_AreNoLongerThanTheLimit()
    {
        Assert.Contains($"max_line_length = {Max}", File.ReadAllText(Path.Combine(SourceTree.Root, ".editorconfig")), StringComparison.Ordinal);

        Assert.Empty(SourceTree.Files("src", "tests", "benchmarks").SelectMany(file => TooLong(SourceTree.Lines(file)).Select(line => $"{file}:{line}")));
    }

    [Fact]
    public void TooLong_LinesOfCodeAndOfRawTexts_TellsThoseOfCode() =>
        Assert.Equal([1, 5], TooLong([new string('x', 161), $"var text = {Raw}", new string('x', 161), $"{Raw};", new string('x', 161), new string('x', 160)]));

    /// <returns>Numbers of lines, from 1.</returns>
    private static IEnumerable<int> TooLong(IEnumerable<string> lines)
    {
        var isText = false;
        foreach (var (index, line) in lines.Index())
        {
            if (!isText && line.Length > Max)
                yield return index + 1;
            isText ^= (line.Split(Raw).Length - 1) % 2 == 1;
        }
    }
}
