using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>What figures were measured with: names and values that are no figures themselves.</summary>
internal sealed class FactTable(params IReadOnlyList<(string Name, string Value)> facts) : IBlock
{
    public string ToHtml() => $"""
        <table class="facts">
        {string.Concat(facts.Select(fact => $"<tr><th>{HtmlEncode(fact.Name)}</th><td>{HtmlEncode(fact.Value)}</td></tr>\n"))}</table>

        """;
}
