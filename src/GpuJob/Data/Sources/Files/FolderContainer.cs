using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A folder, with all below it.</summary>
internal sealed class FolderContainer(string root) : FileContainer
{
    private static readonly EnumerationOptions AllButLinks = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly string _root = Path.GetFullPath(root);

    internal override IEnumerable<SourceFile> List(string prefix) => new DirectoryInfo(_root).EnumerateFiles("*", AllButLinks)
        .Select(file => new SourceFile(prefix + Path.GetRelativePath(_root, file.FullName).Replace('\\', '/'), file.Length, this, prefix.Length));

    internal override byte[] Read(SourceFile file)
    {
        try
        {
            return File.ReadAllBytes(PathOf(file));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new BadImageException($"it cannot be read: {gone.Message}");
        }
    }

    internal override Task<FilePart> PartAsync(SourceFile file) => Task.FromResult(FilePart.Open(PathOf(file)));

    public override void Dispose()
    {
    }

    private string PathOf(SourceFile file) => Path.Combine(_root, file.Path[(int)file.Place..]);
}
