using System.Diagnostics;
using LznPipeline.Activities.Planning;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Tests.Planning;

public sealed class SourceFingerprintTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-source-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Of_SameImagesElsewhere_IsTheSame()
    {
        Assert.Equal(await OfAsync(Folder("one", ("a/1.png", "x"), ("b/2.png", "y"))), await OfAsync(Folder("two", ("b/2.png", "y"), ("a/1.png", "x"))));
    }

    [Fact]
    public async Task Of_ChangedContentOrName_Differs()
    {
        string[] prints =
        [
            await OfAsync(Folder("one", ("a/1.png", "x"))),
            await OfAsync(Folder("two", ("a/1.png", "z"))),
            await OfAsync(Folder("three", ("b/1.png", "x"))),
            await OfAsync(Folder("four", ("a/1.png", "x"), ("a/2.png", ""))),
        ];

        Assert.Equal(4, prints.Distinct().Count());
    }

    [Theory]
    [InlineData("/no/such/place")]
    [InlineData("blob:no/such.tar")]
    public async Task Of_NoSuchSource_NamesFieldAndValue(string source)
    {
        var missing = await Assert.ThrowsAsync<OptionsException>(() => OfAsync(source));

        Assert.Contains($"dataset.source is '{source}'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_FolderWithLinksAndAPipe_FollowsNoneAndEnds()
    {
        var plain = await OfAsync(Folder("plain", ("a/1.png", "x"), ("a/2", "")));
        var odd = Folder("odd", ("a/1.png", "x"));
        File.CreateSymbolicLink(Path.Combine(odd, "out"), "/");
        File.CreateSymbolicLink(Path.Combine(odd, "b.png"), "/etc/passwd");
        using (var made = Process.Start("mkfifo", Path.Combine(odd, "a/2")))
            await made.WaitForExitAsync();

        Assert.Equal(plain, await OfAsync(odd).WaitAsync(TimeSpan.FromSeconds(60)));
    }

    private async Task<string> OfAsync(string source)
    {
        var store = new FolderArtifactStore(Path.Combine(_folder.FullName, "store"));
        return await new SourceFingerprint(store).OfAsync(source, "dataset.source", "a folder", CancellationToken.None);
    }

    private string Folder(string name, params (string Path, string Content)[] files)
    {
        foreach (var (path, content) in files)
        {
            var file = new FileInfo(Path.Combine(_folder.FullName, name, path));
            file.Directory!.Create();
            File.WriteAllText(file.FullName, content);
        }

        return Path.Combine(_folder.FullName, name);
    }
}
