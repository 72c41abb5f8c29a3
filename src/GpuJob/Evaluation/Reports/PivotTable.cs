using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>Figures of one kind in rows and columns.</summary>
/// <param name="corner">What the rows are.</param>
/// <param name="rows">Each with a figure a column; null where there is none.</param>
internal sealed class PivotTable(string corner, IReadOnlyList<string> columns, IReadOnlyList<(string Title, IReadOnlyList<Figure?> Figures)> rows) : IBlock
{
    public IEnumerable<Figure> Figures => rows.SelectMany(row => row.Figures).OfType<Figure>();

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

    private static string Cell(Figure? figure) => figure is null ? "<td></td>" : $"<td class=\"number\" title=\"{HtmlEncode(figure.Name)}\">{HtmlEncode(figure.Text)}</td>";
}
