using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>Text that is shown as it is, such as a recipe.</summary>
internal sealed class SourceText(string text) : IBlock
{
    public string ToHtml() => $"<pre>{HtmlEncode(text)}</pre>\n";
}
