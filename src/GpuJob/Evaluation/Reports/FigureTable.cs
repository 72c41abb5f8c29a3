using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>Figures with their meaning, one a row.</summary>
internal sealed class FigureTable(params IReadOnlyList<Figure> figures) : IBlock
{
    public IEnumerable<Figure> Figures => figures;

    public string ToHtml() => $"""
        <table class="figures">
        {string.Concat(figures.Select(figure => $"<tr><th>{HtmlEncode(figure.Title)}</th><td class=\"number\">{HtmlEncode(figure.Text)}</td><td class=\"spread\">{HtmlEncode(figure.SpreadText)}</td><td>{HtmlEncode(figure.Meaning)}</td></tr>\n"))}</table>

        """;
}
