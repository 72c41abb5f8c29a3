using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>Everything that was measured, on one page that needs no network: pictures, curves and style are inside.</summary>
internal sealed record HtmlReport(string Title, string Subtitle, IReadOnlyList<Metric> Highlights, IReadOnlyList<Section> Sections)
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #fff; --ink: #1d2129; --quiet: #667085; --line: #e3e6ec; --accent: #2f6fb0; --wash: 47 111 176; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171c; --ink: #e6e9ef; --quiet: #98a2b3; --line: #2b3038; --accent: #7fb2e5; --wash: 127 178 229; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 3rem 1.5rem 5rem; max-width: 60rem; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
        h2 { font-size: 1.25rem; margin: 3.2rem 0 0.4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        p { margin: 0.4rem 0 1rem; max-width: 46rem; }
        .quiet, figcaption, .figures td:last-child { color: var(--quiet); }
        figcaption { font-size: 0.87rem; margin-top: 0.5rem; max-width: 46rem; }
        code, pre { font: 0.85em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
        pre { padding: 1rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
        figure { margin: 1.4rem 0; }
        img { image-rendering: pixelated; border-radius: 3px; display: block; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 500; }
        .figures td, .figures th, .facts td, .facts th { padding: 0.35rem 1.4rem 0.35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        .figures th { white-space: nowrap; } .facts { margin-top: 1.4rem; }
        .facts td { overflow-wrap: anywhere; } .facts th { white-space: nowrap; color: var(--quiet); }
        .figures td.spread { color: var(--quiet); white-space: nowrap; } .figures td.number { padding-right: 0.5rem; }
        .pivot { margin: 1.2rem 0; } .pivot td, .pivot th { padding: 0.35rem 1.8rem 0.35rem 0; border-bottom: 1px solid var(--line); } .pivot .number { text-align: right; white-space: nowrap; }
        .pivot tr:first-child th { color: var(--quiet); font-size: 0.87rem; } .pivot tr:nth-child(2) td { font-weight: 600; }
        .figures td.number { white-space: nowrap; text-align: right; font-weight: 600; color: var(--ink); }
        .headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem 2rem; margin: 1.8rem 0 0; }
        .headline b { display: block; font-size: 2rem; line-height: 1.2; font-weight: 600; letter-spacing: -0.02em; color: var(--accent); }
        .headline span { font-size: 0.87rem; color: var(--quiet); }
        .wide { overflow-x: auto; }
        .confusion td { width: 2.9rem; height: 2rem; text-align: center; font-size: 0.8rem; background: rgb(214 90 60 / calc(var(--share) * 1.6)); border: 1px solid var(--ground); }
        .confusion td.right { background: rgb(var(--wash) / calc(0.08 + var(--share) * 0.85)); }
        .confusion th { font-size: 0.82rem; padding-right: 0.7rem; white-space: nowrap; }
        .confusion th.told { padding: 0; height: 6.2rem; vertical-align: bottom; } .confusion th.told span { writing-mode: vertical-rl; transform: rotate(180deg); }
        .curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 0 2rem; }
        .curves svg { width: 100%; border-left: 1px solid var(--line); border-bottom: 1px solid var(--line); }
        .curves path { fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke; } .curves path.thin { stroke-width: 1; opacity: 0.35; }
        .map { width: 100%; border: 1px solid var(--line); border-radius: 6px; } .map path { fill: none; stroke-width: 5; stroke-linecap: round; opacity: 0.75; }
        .key span { margin-right: 1.1rem; font-size: 0.87rem; white-space: nowrap; } .key i { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 50%; margin-right: 0.4rem; }
        """;

    internal string ToHtml() => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{HtmlEncode(Title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <h1>{HtmlEncode(Title)}</h1>
        <p class="quiet">{HtmlEncode(Subtitle)}</p>
        <div class="headline">{string.Concat(Highlights.Select(figure => $"<div><b>{HtmlEncode(figure.Text)}</b><span>{HtmlEncode($"{figure.Title} {figure.SpreadText}")}</span></div>"))}</div>
        {string.Concat(Sections.Select(Part))}
        </body>
        </html>

        """;

    private static string Part(Section section) => $"""
        <h2>{HtmlEncode(section.Title)}</h2>
        <p>{HtmlEncode(section.Text)}</p>
        {string.Concat(section.Blocks.Select(block => block.ToHtml()))}
        """;
}
