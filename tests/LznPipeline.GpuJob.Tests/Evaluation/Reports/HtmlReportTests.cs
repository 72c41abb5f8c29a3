using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Tests.Support;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Reports;

public sealed class HtmlReportTests
{
    private static readonly string[] Classes = ["<script>alert(1)</script>", "a & \"b\""];

    [Fact]
    public void ToHtml_EveryKindOfBlock_NeedsNothingFromOutside()
    {
        var html = Report().ToHtml();

        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        var references = Regex.Matches(html, "(src|href)=\"(?<target>[^\"]{0,40})");
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.StartsWith("data:image/png;base64,", reference.Groups["target"].Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_NamesThatLookLikeMarkup_AreText()
    {
        var html = Report().ToHtml();

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("a &amp; &quot;b&quot;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_EveryElement_IsClosed()
    {
        var open = new Stack<string>();
        var tags = Regex.Matches(Report().ToHtml(), "<(?<end>/?)(?<name>[a-z0-9]+)(?<rest>(\"[^\"]*\"|[^\">])*?)(?<self>/?)>");
        Assert.NotEmpty(tags);
        foreach (Match tag in tags)
        {
            var name = tag.Groups["name"].Value;
            if (name is "meta" or "img" or "br" || tag.Groups["self"].Length > 0)
                continue;
            if (tag.Groups["end"].Length == 0)
                open.Push(name);
            else
                Assert.Equal(name, open.Pop());
        }

        Assert.Empty(open);
    }

    [Fact]
    public void Figure_OfRuns_ShowsMeanAndSpreadWithTheSameDecimals()
    {
        var figure = Metric.OfRuns("distance", "Distance", [12, 14], "");

        Assert.Equal(("13.00", "± 1.41"), (figure.Text, figure.SpreadText));
        Assert.Equal(("45.0 %", ""), ((new Metric("share", "Share", 0.45, "") { IsFraction = true }).Text, new Metric("share", "Share", 0.45, "").SpreadText));
    }

    [Fact]
    public void ConfusionTable_MoreClassesThanFit_ShowsThePairsConfusedMost()
    {
        var classes = Enumerable.Range(0, 30).Select(index => $"class {index}").ToArray();
        var actual = Enumerable.Range(0, 60).Select(index => (long)index % 30).ToArray();
        var told = actual.Select((label, index) => label == 7 ? 9 : label).ToArray();

        var html = new ConfusionTable(new Confusion(classes, actual, told)).ToHtml();

        Assert.Contains("<th>class 7</th><td>class 9</td><td class=\"number\">2 of 2</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class 11", html, StringComparison.Ordinal);
    }

    [Fact]
    public void EmbeddingMap_PointsOnALine_SpreadAlongIt()
    {
        var line = linspace(-1, 1, 11).unsqueeze(1) * tensor(new[] { 3f, 4f, 0f });

        var html = new EmbeddingMap(line, zeros(11, dtype: ScalarType.Int64), ["one"]).ToHtml();

        Assert.Contains("hold 100 % of the variance", html.Replace("\u00a0", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        var across = Regex.Matches(html, @"M(?<x>[\d.]+) (?<y>[\d.]+)h0").Select(point => double.Parse(point.Groups["x"].Value)).Order().ToList();
        Assert.Equal(11, across.Count);
        Assert.All(across.Zip(across.Skip(1)), pair => Assert.Equal((720 - 24) / 10.0, pair.Second - pair.First, 0.11));
    }

    private static HtmlReport Report()
    {
        var share = new Metric("accuracy", Classes[0], 0.5, Classes[1]) { IsFraction = true };
        var curve = new TrainingCurve(Classes[0], [1, 2, 3], [3, double.NaN, 1]);
        return new HtmlReport(Classes[0], Classes[1], [share], [new Section(
            Classes[0],
            Classes[1],
            new MetricTable(share),
            new FactTable((Classes[0], Classes[1])),
            new PivotTable(Classes[0], ["one", Classes[1]], [(Classes[0], [share, null])]),
            new ConfusionTable(new Confusion(Classes, [0, 1, 1], [0, 0, 1])),
            new EmbeddingMap(rand(9, 3), arange(9, dtype: ScalarType.Int64) % 2, Classes),
            new PicturePlate("samples/random.png", Pictures.Stripes(0, 0), Classes[0]),
            new CurvePlate(new TrainingCurves([curve])),
            new SourceText(Classes[0]))]);
    }
}
