using System.Globalization;
using System.Text;
using LznPipeline.GpuJob.Evaluation.Metrics;
using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>
/// A piece of the report. What it shows is also what the job's result holds: figures and files are taken from the blocks, so the two cannot differ.
/// </summary>
internal interface IBlock
{
    /// <summary>Figures that go into the metrics.</summary>
    IEnumerable<Metric> Figures => [];

    /// <summary>Files that lie beside the report, named relative to it.</summary>
    IEnumerable<(string Name, byte[] Content)> Files => [];

    /// <summary>Its HTML, which refers to nothing outside the page.</summary>
    string ToHtml();
}

/// <summary>A part of the report under a heading of its own.</summary>
/// <param name="Text">What was done, with what and how much of it, and what to make of it.</param>
internal sealed record Section(string Title, string Text, params IBlock[] Blocks);

/// <summary>A measured number.</summary>
/// <param name="Name">Its name in the metrics, such as <c>frechet_distance</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Meaning">How to read it.</param>
internal sealed record Metric(string Name, string Title, double Value, string Meaning)
{
    /// <summary>Standard deviation over repetitions; null when it was measured once.</summary>
    internal double? Spread { get; init; }

    /// <summary>Whether it is a part of a whole, shown in percent.</summary>
    internal bool IsFraction { get; init; }

    /// <summary>The value for people.</summary>
    internal string Text => IsFraction ? $"{Digits(Value * 100)} %" : Digits(Value);

    /// <summary>The spread as <see cref="Text"/> shows the value; empty when there is none.</summary>
    internal string SpreadText => Spread is { } spread ? $"± {Digits(IsFraction ? spread * 100 : spread)}" : "";

    /// <summary>Mean and standard deviation of repeated measurements.</summary>
    internal static Metric OfRuns(string name, string title, IReadOnlyList<double> values, string meaning)
    {
        var mean = values.Average();
        var spread = values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)) : (double?)null;
        return new Metric(name, title, mean, meaning) { Spread = spread };
    }

    /// <summary>A number with as many decimals as the value has.</summary>
    private string Digits(double number) =>
        number.ToString(IsFraction || Math.Abs(Value) >= 100 ? "0.0" : Math.Abs(Value) >= 1 ? "0.00" : "0.0000", CultureInfo.InvariantCulture);
}

/// <summary>Figures with their meaning, one a row.</summary>
internal sealed class MetricTable(params IReadOnlyList<Metric> figures) : IBlock
{
    public IEnumerable<Metric> Figures => figures;

    public string ToHtml() => $"""
        <table class="figures">
        {string.Concat(figures.Select(figure => $"<tr><th>{HtmlEncode(figure.Title)}</th><td class=\"number\">{HtmlEncode(figure.Text)}</td><td class=\"spread\">{HtmlEncode(figure.SpreadText)}</td><td>{HtmlEncode(figure.Meaning)}</td></tr>\n"))}</table>

        """;
}

/// <summary>What figures were measured with: names and values that are no figures themselves.</summary>
internal sealed class FactTable(params IReadOnlyList<(string Name, string Value)> facts) : IBlock
{
    public string ToHtml() => $"""
        <table class="facts">
        {string.Concat(facts.Select(fact => $"<tr><th>{HtmlEncode(fact.Name)}</th><td>{HtmlEncode(fact.Value)}</td></tr>\n"))}</table>

        """;
}

/// <summary>Figures of one kind in rows and columns.</summary>
/// <param name="corner">What the rows are.</param>
/// <param name="rows">Each with a figure a column; null where there is none.</param>
internal sealed class PivotTable(string corner, IReadOnlyList<string> columns, IReadOnlyList<(string Title, IReadOnlyList<Metric?> Figures)> rows) : IBlock
{
    public IEnumerable<Metric> Figures => rows.SelectMany(row => row.Figures).OfType<Metric>();

    /// <summary>Columns without any figure are left out.</summary>
    public string ToHtml()
    {
        var shown = Enumerable.Range(0, columns.Count).Where(column => rows.Any(row => row.Figures[column] is not null)).ToList();
        return $"""
            <div class="wide"><table class="pivot">
            <tr><th>{HtmlEncode(corner)}</th>{string.Concat(shown.Select(column => $"<th class=\"number\">{HtmlEncode(columns[column])}</th>"))}</tr>
            {string.Concat(rows.Select(row => $"<tr><th>{HtmlEncode(row.Title)}</th>{string.Concat(shown.Select(column => Cell(row.Figures[column])))}</tr>\n"))}</table></div>

            """;
    }

    private static string Cell(Metric? figure) =>
        figure is null ? "<td></td>" : $"<td class=\"number\" title=\"{HtmlEncode(figure.Name)}\">{HtmlEncode(figure.Text)}</td>";
}

/// <summary>The confusion matrix in shades: a row for each true class, a column for each predicted one.</summary>
internal sealed class ConfusionTable(Confusion confusion) : IBlock
{
    /// <summary>A table of more classes cannot be read; then the file has it, and the page the pairs that are confused most.</summary>
    private const int MaxClasses = 20;

    private const int PairsShown = 20;

    public IEnumerable<(string Name, byte[] Content)> Files => [("samples/confusion.csv", Encoding.UTF8.GetBytes(confusion.ToCsv()))];

    public IEnumerable<Metric> Figures =>
        from label in Enumerable.Range(0, confusion.Classes.Length)
        let recall = confusion.Recall(label)
        where recall is not null
        select new Metric(
            $"recall.{confusion.Classes[label]}",
            $"Recall of {confusion.Classes[label]}",
            recall.Value,
            "part of the class's images that were recognised") { IsFraction = true };

    public string ToHtml() => confusion.Classes.Length <= MaxClasses ? Matrix() : Pairs();

    private string Matrix()
    {
        var classes = confusion.Classes;
        var rows = new StringBuilder();
        for (var actual = 0; actual < classes.Length; actual++)
        {
            rows.Append($"<tr><th>{HtmlEncode(classes[actual])}</th>");
            for (var told = 0; told < classes.Length; told++)
            {
                var share = (double)confusion[actual, told] / Math.Max(confusion.Count(actual), 1);
                rows.Append(
                    CultureInfo.InvariantCulture,
                    $"<td{(actual == told ? " class=\"right\"" : "")} style=\"--share:{share:0.00}\">{confusion[actual, told]}</td>");
            }

            rows.Append("</tr>\n");
        }

        return $"""
            <figure><div class="wide"><table class="confusion">
            <tr><th></th>{string.Concat(classes.Select(name => $"<th class=\"told\"><span>{HtmlEncode(name)}</span></th>"))}</tr>
            {rows}</table></div><figcaption>Rows are true classes, columns predicted ones; numbers are test images, shades their fraction of the row. <code>samples/confusion.csv</code></figcaption></figure>

            """;
    }

    private string Pairs()
    {
        var classes = confusion.Classes;
        var worst = (from actual in Enumerable.Range(0, classes.Length)
                     from told in Enumerable.Range(0, classes.Length)
                     where actual != told && confusion[actual, told] > 0
                     orderby confusion[actual, told] descending, actual, told
                     select $"<tr><th>{HtmlEncode(classes[actual])}</th><td>{HtmlEncode(classes[told])}</td>"
                         + $"<td class=\"number\">{confusion[actual, told]} of {confusion.Count(actual)}</td></tr>\n").Take(PairsShown);
        return $"""
            <figure><table class="figures"><tr><th>is</th><th>was taken for</th><th>images</th></tr>
            {string.Concat(worst)}</table><figcaption>The pairs of classes that are confused most. The whole matrix: <code>samples/confusion.csv</code></figcaption></figure>

            """;
    }
}

/// <summary>Text that is shown as it is, such as a recipe.</summary>
internal sealed class SourceText(string text) : IBlock
{
    public string ToHtml() => $"<pre>{HtmlEncode(text)}</pre>\n";
}
