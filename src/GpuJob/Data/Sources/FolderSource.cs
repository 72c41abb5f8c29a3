namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>A folder of image files.</summary>
internal sealed class FolderSource(string root) : ImageSource
{
    private readonly string _root = Path.GetFullPath(root);

    internal override IReadOnlyList<SourceImage> List() =>
        [.. new DirectoryInfo(_root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(file => SourceImage.Parse(Path.GetRelativePath(_root, file.FullName).Replace('\\', '/'), offset: 0, file.Length))
            .OfType<SourceImage>()];

    protected override byte[] ReadBytes(SourceImage image) => File.ReadAllBytes(Path.Combine(_root, image.Path));

    public override void Dispose()
    {
    }
}
