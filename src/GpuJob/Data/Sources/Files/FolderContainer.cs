using System.IO.Enumeration;
using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A folder, with all below it.</summary>
internal sealed class FolderContainer(string root) : FileContainer
{
    private static readonly EnumerationOptions AllButLinks = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly string _root = Path.GetFullPath(root);

    /// <remarks>Looks through the folder anew each time.</remarks>
    internal override int Links => new FileSystemEnumerable<bool>(_root, (ref _) => true, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
    {
        ShouldIncludePredicate = (ref entry) => IsLink(entry),
        ShouldRecursePredicate = (ref entry) => !IsLink(entry),
    }.Count();

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

    private static bool IsLink(in FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private string PathOf(SourceFile file) => Path.Combine(_root, file.Path[(int)file.Place..]);
}
