using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;
using Parquet;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// Parquet files with a column of image files, as plain bytes or as a structure with the field <c>bytes</c>, and a column of labels. Hugging Face's datasets are such; the class names in
/// their metadata are used. The split is told by the file's name, such as <c>train-00000-of-00010.parquet</c>, or by a folder.
/// </summary>
/// <remarks>Parquet can only be read group of rows by group of rows, so the images are first brought to a file from which each can be read by itself.</remarks>
internal sealed class ParquetImages : IImageLayout
{
    private const string Ending = ".parquet";

    public async Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var files = tree.Files.Where(file => file.EndsWith(Ending)).ToList();
        if (files.Count == 0)
            return null;
        var (images, classes) = (new List<SourceImage>(), (IReadOnlyList<string>?)null);
        var spool = new Spool(await FilePart.TemporaryAsync(async target =>
        {
            foreach (var file in files)
            {
                try
                {
                    using var part = await file.Container.PartAsync(file);
                    await using var reader = await ParquetReader.CreateAsync(new FilePartStream(part), cancellationToken: stop);
                    var columns = ImageColumns.Of(reader, file.Path);
                    classes ??= columns.ClassNames;
                    await CopyAsync(reader, columns, file, target, images, stop);
                }
                catch (Exception broken) when (broken is IOException and not FileNotFoundException or ParquetException or InvalidDataException)
                {
                    throw new BadInputException($"'{file.Path}' of '{tree.Address}' is not a whole parquet file: {broken.Message}", broken);
                }
            }
        }));
        tree.Keep(spool);
        return new ImageListing([.. images.Select(image => image with { File = (SourceFile)image.File with { Container = spool } })], classes);
    }

    private static async Task CopyAsync(ParquetReader reader, ImageColumns columns, SourceFile file, Stream target, List<SourceImage> images, CancellationToken stop)
    {
        var (split, row) = (SplitOf(file), 0L);
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            foreach (var (bytes, label) in await columns.ReadAsync(rows, stop))
            {
                var path = $"{file.Path[..^Ending.Length]}/{row++:D8}{PictureFormat.EndingOf(bytes.Span)}";
                images.Add(new SourceImage(path, split, label, new SourceFile(path, bytes.Length, file.Container, target.Position)));
                await target.WriteAsync(bytes, stop);
            }
        }
    }

    private static string? SplitOf(SourceFile file) => SplitNames.In(file.Name) ?? file.Path.Split('/')[..^1].Select(SplitNames.Of).FirstOrDefault(split => split is not null);

    /// <summary>The images of all files, one after the other.</summary>
    private sealed class Spool(FilePart part) : FileContainer
    {
        internal override IEnumerable<SourceFile> List(string prefix) => [];

        internal override byte[] Read(SourceFile file) => part.Bytes(file.Place, file.Length);

        internal override Task<FilePart> PartAsync(SourceFile file) => Task.FromResult(part.Within(file.Place, file.Length));

        public override void Dispose() => part.Dispose();
    }
}
