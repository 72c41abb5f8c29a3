using System.Xml.Linq;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.TestRuns;

/// <summary>Which lines of src/ the tests ran, over all test projects: a line counts as covered when any of them ran it.</summary>
internal sealed class Coverage
{
    private static readonly string Counted = Path.Combine(Repository.Root, "src") + Path.DirectorySeparatorChar;

    private static readonly string Generated = $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}";

    private readonly Dictionary<(string File, int Line), bool> _lines = [];

    internal int Lines => _lines.Count;

    internal int Covered => _lines.Values.Count(covered => covered);

    /// <summary>Lines covered and lines in all of each project folder, such as <c>src/Cli</c>.</summary>
    internal IEnumerable<(string Folder, int Covered, int Lines)> ByFolder() =>
        _lines
            .GroupBy(
                line => string.Join('/', Path.GetRelativePath(Repository.Root, line.Key.File).Split(Path.DirectorySeparatorChar)[..2]),
                StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count(line => line.Value), group.Count()));

    /// <summary>Adds every cobertura file below a folder.</summary>
    internal void Add(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "coverage.cobertura.xml", SearchOption.AllDirectories))
            Add(XDocument.Load(file));
    }

    internal void Add(XDocument cobertura)
    {
        var roots = cobertura.Descendants("source").Select(source => source.Value).ToList();
        foreach (var type in cobertura.Descendants("class"))
        {
            if (Find(roots, (string?)type.Attribute("filename")) is not { } path || !path.StartsWith(Counted, StringComparison.Ordinal))
                continue;
            foreach (var line in type.Elements("lines").Elements("line"))
            {
                var key = (path, (int?)line.Attribute("number") ?? 0);
                _lines[key] = _lines.GetValueOrDefault(key) || (long?)line.Attribute("hits") > 0;
            }
        }
    }

    private static string? Find(List<string> roots, string? name) =>
        name is null
            ? null
            : roots.Select(root => Path.GetFullPath(Path.Combine(root, name)))
                .FirstOrDefault(path => File.Exists(path) && !path.Contains(Generated, StringComparison.Ordinal));
}
