using System.Globalization;
using System.Text;
using LznPipeline.GpuJob.Evaluation.Figures;
using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>The confusion matrix in shades: a row for each true class, a column for each predicted one.</summary>
internal sealed class ConfusionTable(Confusion confusion) : IBlock
{
    /// <summary>A table of more classes cannot be read; then the file has it, and the page the pairs that are confused most.</summary>
    private const int MostClasses = 20;

    private const int PairsShown = 20;

    public IEnumerable<(string Name, byte[] Content)> Files => [("samples/confusion.csv", Encoding.UTF8.GetBytes(confusion.ToCsv()))];

    public IEnumerable<Figure> Figures =>
        from label in Enumerable.Range(0, confusion.Classes.Length)
        let recall = confusion.Recall(label)
        where recall is not null
        select new Figure($"recall.{confusion.Classes[label]}", $"Recall of {confusion.Classes[label]}", recall.Value, "part of the class's images that were recognised") { IsShare = true };

    public string ToHtml() => confusion.Classes.Length <= MostClasses ? Matrix() : Pairs();

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
                rows.Append(CultureInfo.InvariantCulture, $"<td{(actual == told ? " class=\"right\"" : "")} style=\"--share:{share:0.00}\">{confusion[actual, told]}</td>");
            }

            rows.Append("</tr>\n");
        }

        return $"""
            <figure><div class="wide"><table class="confusion">
            <tr><th></th>{string.Concat(classes.Select(name => $"<th class=\"told\"><span>{HtmlEncode(name)}</span></th>"))}</tr>
            {rows}</table></div><figcaption>Rows are true classes, columns predicted ones; numbers are test images, shades their part of the row. <code>samples/confusion.csv</code></figcaption></figure>

            """;
    }

    private string Pairs()
    {
        var classes = confusion.Classes;
        var worst = (from actual in Enumerable.Range(0, classes.Length)
                     from told in Enumerable.Range(0, classes.Length)
                     where actual != told && confusion[actual, told] > 0
                     orderby confusion[actual, told] descending, actual, told
                     select $"<tr><th>{HtmlEncode(classes[actual])}</th><td>{HtmlEncode(classes[told])}</td><td class=\"number\">{confusion[actual, told]} of {confusion.Count(actual)}</td></tr>\n").Take(PairsShown);
        return $"""
            <figure><table class="figures"><tr><th>is</th><th>was taken for</th><th>images</th></tr>
            {string.Concat(worst)}</table><figcaption>The pairs of classes that are confused most. The whole matrix: <code>samples/confusion.csv</code></figcaption></figure>

            """;
    }
}
