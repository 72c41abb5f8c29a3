using System.Text.RegularExpressions;

namespace LznPipeline.Shared.Tests.Tree;

/// <summary>
/// Folders of a project point down: what a folder uses lies in folders below it, never in a circle.
/// A file beside the project file counts as a folder of its own.
/// </summary>
public sealed partial class FolderOrderTests
{
    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Path.Combine(SourceTree.Root, "src")).Select(path => $"src/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Projects))]
    public void Folders_OfAProject_StandInOneOrder(string project)
    {
        Source[] sources =
            [.. SourceTree.Files(project).Select(path => new Source(path[(project.Length + 1)..], File.ReadAllText(Path.Combine(SourceTree.Root, path))))];

        Assert.NotEmpty(sources);
        Assert.Empty(Circle(sources));
    }

    [Fact]
    public void Circle_FoldersThatNeedEachOther_NamesTheFilesAndTypes()
    {
        Source[] sources =
        [
            new("Low/Stone.cs", "using X.High;\nnamespace X.Low;\npublic class Stone { Tower? Of; }"),
            new("High/Tower.cs", "using X.Low;\nnamespace X.High;\npublic class Tower { Stone? First; }"),
        ];

        Assert.Equal(["High/Tower.cs uses Stone of Low/Stone.cs", "Low/Stone.cs uses Tower of High/Tower.cs"], Circle(sources).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("namespace X.High;\npublic class Tower { Stone? First; }")]     // another Stone: that of Low is not in sight
    [InlineData("using X.Low;\nnamespace X.High;\npublic class Tower { } // like a Stone")]
    [InlineData("using X.Low;\nnamespace X.High;\npublic class Tower { string Name = \"Stone\"; }")]
    public void Circle_NamesThatAreNoUse_AreNotTakenForOne(string tower) =>
        Assert.Empty(Circle([new("Low/Stone.cs", "using X.High;\nnamespace X.Low;\npublic class Stone { Tower? Of; }"), new("High/Tower.cs", tower)]));

    /// <summary>The uses that form one circle of folders; none where there is an order.</summary>
    private static IReadOnlyList<string> Circle(IReadOnlyList<Source> sources)
    {
        var uses = Uses(sources)
            .GroupBy(use => use.From.Folder)
            .ToDictionary(group => group.Key, group => group.DistinctBy(use => use.To.Folder).ToList(), StringComparer.Ordinal);
        var (done, path) = (new HashSet<string>(StringComparer.Ordinal), new List<Use>());
        return uses.Keys.Order(StringComparer.Ordinal).Select(Visit).FirstOrDefault(circle => circle.Count > 0) ?? [];

        IReadOnlyList<string> Visit(string folder)
        {
            if (path.FindIndex(use => use.From.Folder == folder) is var begin and >= 0)
                return [.. path.Skip(begin).Select(use => use.ToString())];
            if (!done.Add(folder))
                return [];
            foreach (var use in uses.GetValueOrDefault(folder) ?? [])
            {
                path.Add(use);
                if (Visit(use.To.Folder) is { Count: > 0 } circle)
                    return circle;
                path.RemoveAt(path.Count - 1);
            }

            return [];
        }
    }

    /// <summary>
    /// By names: a file uses another one when it sees its namespace and has the name of a type or extension method that only that one declares.
    /// </summary>
    private static IEnumerable<Use> Uses(IReadOnlyList<Source> sources)
    {
        var owners = sources.SelectMany(source => source.Declared.Select(name => (name, source))).GroupBy(each => each.name, StringComparer.Ordinal)
            .Where(group => group.Select(each => each.source).Distinct().Count() == 1)
            .ToDictionary(group => group.Key, group => group.First().source, StringComparer.Ordinal);
        return from source in sources
               from name in source.Names
               where owners.TryGetValue(name, out var owner) && owner.Folder != source.Folder && source.Sees(owner.Namespace)
               select new Use(source, name, owners[name]);
    }

    private sealed record Use(Source From, string Name, Source To)
    {
        public override string ToString() => $"{From.Path} uses {Name} of {To.Path}";
    }

    private sealed class Source
    {
        private readonly HashSet<string> _usings;

        internal Source(string path, string text)
        {
            var code = Unspoken.Replace(text, string.Empty);
            Path = path;
            Namespace = NamespaceLine.Match(code).Groups["name"].Value;
            _usings = [.. UsingLine.Matches(code).Select(match => match.Groups["name"].Value)];
            Declared = [.. TypeLine.Matches(code).Concat(ExtensionMethod.Matches(code)).Select(match => match.Groups["name"].Value)];
            Names = [.. Word.Matches(UsingLine.Replace(code, string.Empty)).Select(match => match.Value)];
        }

        internal string Path { get; }

        internal string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : Path;

        internal string Namespace { get; }

        internal HashSet<string> Declared { get; }

        internal HashSet<string> Names { get; }

        internal bool Sees(string other) => other == Namespace || Namespace.StartsWith(other + ".", StringComparison.Ordinal) || _usings.Contains(other);
    }

    /// <summary>Comments, and texts in one line or more.</summary>
    [GeneratedRegex("""//.*|"{3}[\s\S]*?"{3}|"(?:\\.|[^"\\\n])*"(?=[^"])""")]
    private static partial Regex Unspoken { get; }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine { get; }

    [GeneratedRegex(@"^using (?:static )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine { get; }

    [GeneratedRegex(
        @"^(?:public |internal )?(?:static |sealed |abstract |partial |readonly |ref |unsafe )*"
        + @"(?:class|struct|interface|enum|record struct|record|delegate [\w<>?\[\], ]+) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeLine { get; }

    [GeneratedRegex(@"static [\w<>\[\]?,. ()]+ (?<name>\w+)(?:<[^>]*>)?\(this ")]
    private static partial Regex ExtensionMethod { get; }

    [GeneratedRegex(@"\b[A-Za-z_]\w*\b")]
    private static partial Regex Word { get; }
}
