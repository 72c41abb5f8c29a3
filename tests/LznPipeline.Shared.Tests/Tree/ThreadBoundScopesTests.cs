using System.Text.RegularExpressions;

namespace LznPipeline.Shared.Tests.Tree;

/// <summary>
/// A dispose scope of TorchSharp, and the modes of autograd, belong to the thread that opened them. After an await another thread may go on: then a scope stays
/// open on the first one, takes up tensors of whoever runs there next, and frees them while they are used.
/// </summary>
public sealed partial class ThreadBoundScopesTests
{
    [Fact]
    public void Scopes_InAllSources_EndBeforeTheNextAwait()
    {
        var files = SourceTree.Files("src", "tests", "benchmarks").ToList();

        Assert.Contains(files, file => SourceTree.Lines(file).Any(line => Scope.IsMatch(line)));       // or nothing was looked at
        Assert.Empty(files.SelectMany(file => Awaits(SourceTree.Lines(file)).Select(line => $"{file}:{line}")));
    }

    [Fact]
    public void Scopes_InAllSources_AreVariablesOfAMethod()
    {
        Assert.Matches(Field, "    private readonly DisposeScope _scope = torch.NewDisposeScope();");
        Assert.Empty(SourceTree.Files("src", "tests", "benchmarks").SelectMany(file =>
            SourceTree.Lines(file).Where(line => Field.IsMatch(line)).Select(line => $"{file}: {line.Trim()}")));
    }

    [Theory]
    [InlineData(3, "{", "    using var scope = NewDisposeScope();", "    await x;", "}")]
    [InlineData(4, "{", "    using (no_grad())", "    {", "        await x;", "    }", "}")]
    [InlineData(null, "{", "    using (NewDisposeScope())", "        Do();", "    await x;", "}")]
    [InlineData(null, "{", "    {", "        using var scope = torch.NewDisposeScope();", "    }", "    await x;", "}")]
    public void Awaits_Source_AreFoundWhileAScopeIsOpen(int? expected, params string[] source) =>
        Assert.Equal(expected is null ? [] : [expected.Value], Awaits(source));

    /// <summary>Numbers of lines that await while a scope is open. Where a block ends is told by how far its lines stand in.</summary>
    private static IEnumerable<int> Awaits(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Scope.IsMatch(lines[i]))
                continue;
            var depth = Depth(lines[i]);
            var ofStatement = lines[i].TrimStart().StartsWith("using (", StringComparison.Ordinal);
            var inside = lines.Index().Skip(i + 1).TakeWhile(line => line.Item.Length == 0
                || Depth(line.Item) > depth
                || (Depth(line.Item) == depth
                    && (!ofStatement || line.Item.TrimStart() is "{" || line.Item.TrimStart().StartsWith("using (", StringComparison.Ordinal))));
            foreach (var (number, _) in inside.Where(line => Await.IsMatch(line.Item)))
                yield return number + 1;
        }
    }

    private static int Depth(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*using\b.*\b(NewDisposeScope|no_grad|inference_mode|enable_grad|set_grad_enabled)\(")]
    private static partial Regex Scope { get; }

    [GeneratedRegex(@"^\s*(private|internal|protected|public)\b.*=.*\bNewDisposeScope\(")]
    private static partial Regex Field { get; }

    [GeneratedRegex(@"\bawait\b")]
    private static partial Regex Await { get; }
}
