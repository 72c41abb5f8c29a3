using System.IO.Enumeration;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A folder or an archive: knows its files, and reads any of them at any time, on any number of threads.</summary>
internal abstract class FileContainer : IDisposable
{
    /// <summary>What systems and programs keep for themselves, beside names with a dot before them.</summary>
    private static readonly string[] SystemFolders = ["__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found", "System Volume Information"];

    /// <summary>Whether a file or folder of this name is no part of any source.</summary>
    internal static bool IsHidden(ReadOnlySpan<char> name) => name is ['.', ..] and not ".." || SystemFolders.AsSpan().Contains(name.ToString());

    /// <summary>Its files in no order to rely on. Links, devices and the like are none.</summary>
    /// <param name="prefix">Stands before the path of each; empty, or with a slash at its end.</param>
    /// <exception cref="BadInputException">It is damaged.</exception>
    internal abstract IEnumerable<SourceFile> List(string prefix);

    /// <summary>How many links lie in it, none of which is followed; known once its files are listed.</summary>
    internal virtual int Links => 0;

    /// <summary>The content of a file that fits into memory.</summary>
    /// <exception cref="BadImageException">It cannot be had.</exception>
    internal abstract byte[] Read(SourceFile file);

    /// <summary>A file of any length, for an archive in this one.</summary>
    internal abstract Task<FilePart> PartAsync(SourceFile file);

    public abstract void Dispose();
}

/// <summary>The JPEG or PNG of an image. Any number of threads may read at once.</summary>
internal interface IImageFile
{
    /// <summary>Bytes of the file, or about so many.</summary>
    long Length { get; }

    /// <exception cref="BadImageException">It cannot be had.</exception>
    byte[] Read();
}

/// <summary>A file of a source.</summary>
/// <param name="Path">With forward slashes, relative to the source. An archive in the source is a folder of its name without ending.</param>
/// <param name="Container">What it lies in.</param>
/// <param name="Place">Where in its container; what the number means is the container's affair.</param>
internal sealed record SourceFile(string Path, long Length, FileContainer Container, long Place) : IImageFile
{
    /// <summary>Of what is read at once; an archive may be longer.</summary>
    private const long MaxBytes = 1L << 30;

    /// <summary>The part of the path behind the last slash.</summary>
    internal string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public byte[] Read() => Length <= MaxBytes ? Container.Read(this) : throw new BadImageException($"it has {Length} bytes; up to {MaxBytes} are allowed");

    internal bool EndsWith(params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}

/// <summary>A file that holds no others.</summary>
/// <param name="file">Disposed with this.</param>
internal sealed class SingleFile(FilePart file, string name) : FileContainer
{
    internal override IEnumerable<SourceFile> List(string prefix) => [new SourceFile(prefix + name, file.Length, this, 0)];

    internal override byte[] Read(SourceFile single) => file.Bytes(0, file.Length);

    internal override Task<FilePart> PartAsync(SourceFile single) => Task.FromResult(file.Within(0, file.Length));

    public override void Dispose() => file.Dispose();
}

/// <summary>A folder, with all below it.</summary>
internal sealed class FolderContainer(string root) : FileContainer
{
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    private readonly string _root = Path.GetFullPath(root);

    /// <remarks>Looks through the folder anew each time.</remarks>
    internal override int Links => Entries((ref entry) => IsLink(entry)).Count;

    internal override IEnumerable<SourceFile> List(string prefix) => Entries((ref entry) => !entry.IsDirectory && !IsLink(entry))
        .Select(path => new SourceFile(
            prefix + Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/'),
            new FileInfo(path) is { Exists: true } file ? file.Length : 0,      // one whose name is not UTF-8 is not found by it
            this,
            prefix.Length));

    internal override byte[] Read(SourceFile file)
    {
        if (file.Path.Contains('\uFFFD', StringComparison.Ordinal))
            throw new BadImageException("its name is not UTF-8, so it cannot be opened; rename it");
        if (file.Length == 0)
            throw new BadImageException("it is empty, or a pipe or device and no regular file");       // at which one would wait for ever
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

    private List<string> Entries(FileSystemEnumerable<string>.FindPredicate include)
    {
        try
        {
            return [.. new FileSystemEnumerable<string>(_root, (ref entry) => entry.ToFullPath(), Everything)
            {
                ShouldIncludePredicate = include,
                ShouldRecursePredicate = (ref entry) => !IsLink(entry) && !IsHidden(entry.FileName),
            }];
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new BadInputException($"{denied.Message} Make it readable for whoever runs this, or move it out of '{root}'.", denied);
        }
    }

    private static bool IsLink(in FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private string PathOf(SourceFile file) => Path.Combine(_root, file.Path[(int)file.Place..]);
}
