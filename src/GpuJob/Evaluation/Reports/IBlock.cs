namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>A piece of the report. What it shows is also what the job's result holds: figures and files are taken from the blocks, so the two cannot differ.</summary>
internal interface IBlock
{
    /// <summary>Figures that go into the metrics.</summary>
    IEnumerable<Figure> Figures => [];

    /// <summary>Files that lie beside the report, named relative to it.</summary>
    IEnumerable<(string Name, byte[] Content)> Files => [];

    /// <summary>Its HTML, which refers to nothing outside the page.</summary>
    string ToHtml();
}

/// <summary>A part of the report under a heading of its own.</summary>
/// <param name="Text">What was done, with what and how much of it, and what to make of it.</param>
internal sealed record Section(string Title, string Text, params IBlock[] Blocks);
