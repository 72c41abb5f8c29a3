using System.Text.Json;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;
using Parquet;
using Parquet.Schema;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// Parquet files with a column of image files, as plain bytes or as a structure with the field <c>bytes</c>, and a column of labels. Hugging Face's datasets
/// are such; the class names in their metadata are used. The split is told by the file's name, such as <c>train-00000-of-00010.parquet</c>, or by a folder.
/// </summary>
/// <remarks>Parquet can only be read group of rows by group of rows, so the images are first brought to a file from which each can be read by itself.</remarks>
internal sealed class ParquetImages : IImageLayout
{
    /// <summary>The first is the usual one.</summary>
    internal static readonly string[] Endings = [".parquet", ".parq", ".pq"];

    public async Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var files = tree.Files.Where(file => file.EndsWith(Endings)).ToList();
        if (files.Count == 0)
            return null;
        var (images, read) = (new List<SourceImage>(), new List<(SourceFile File, ImageColumns Columns)>());
        var spool = new Spool(await FilePart.UnpackedAsync(tree.Called, files.Sum(file => file.Length), async target =>
        {
            foreach (var file in files)
            {
                try
                {
                    using var part = await file.Container.PartAsync(file);
                    await using var reader = await ParquetReader.CreateAsync(new FilePartStream(part), cancellationToken: stop);
                    if (ImageColumns.Of(reader, file.Path) is not { } columns)
                        continue;
                    read.Add((file, columns));
                    await CopyAsync(reader, columns, file, target, images, stop);
                }
                catch (Exception broken) when (broken is not (OperationCanceledException or BadInputException))
                {
                    // A damaged footer leads the package to exceptions of every kind.
                    throw new BadInputException($"'{file.Path}' of '{tree.Address}' is not a whole parquet file: {broken.Message}", broken);
                }
            }
        }));
        tree.Keep(spool);
        if (read.Count == 0)
            return tree.Files.Any(SourceImage.IsNamedSo) ? null : throw ImageColumns.Lacking(tree.Called);        // a table beside images
        var (first, columns) = read[0];
        if (read.Find(each => !Equal(each.Columns.ClassNames, columns.ClassNames)) is { File: { } other })
        {
            throw new BadInputException($"'{first.Path}' and '{other.Path}' of '{tree.Address}' give classes other names in their metadata. "
                + "Their labels cannot be put together.");
        }

        return new ImageListing(
            [.. images.Select(image => image with { File = (SourceFile)image.File with { Container = spool } })],
            columns.ClassNames ?? ImageListing.Numbered(images.Select(image => image.Class).OfType<string>()))
        {
            Layout = $"parquet, images from the column {columns.Image.Path}, "
                + (columns.Label is { } label ? $"labels from {label.Path}" : "no column of labels"),
            IsUsed = file => read.Exists(each => each.File == file),
        };
    }

    private static bool Equal(string[]? one, string[]? other) =>
        one is null ? other is null : other is not null && one.SequenceEqual(other, StringComparer.Ordinal);

    private static async Task CopyAsync(
        ParquetReader reader, ImageColumns columns, SourceFile file, Stream target, List<SourceImage> images, CancellationToken stop)
    {
        var (split, row) = (SplitOf(file), 0L);
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            foreach (var (bytes, label) in await columns.ReadAsync(rows, stop))
            {
                var path = $"{file.Path[..file.Path.LastIndexOf('.')]}/{row++:D8}{PictureFormat.EndingOf(bytes.Span)}";
                images.Add(new SourceImage(path, split, label, new SourceFile(path, bytes.Length, file.Container, target.Position)));
                await target.WriteAsync(bytes, stop);
            }
        }
    }

    private static string? SplitOf(SourceFile file) =>
        SplitNames.In(file.Name) ?? file.Path.Split('/')[..^1].Select(SplitNames.Of).FirstOrDefault(split => split is not null);

    /// <summary>The images of all files, one after the other.</summary>
    private sealed class Spool(FilePart part) : FileContainer
    {
        internal override IEnumerable<SourceFile> List(string prefix) => [];

        internal override byte[] Read(SourceFile file) => part.Bytes(file.Place, file.Length);

        internal override Task<FilePart> PartAsync(SourceFile file) => Task.FromResult(part.Within(file.Place, file.Length));

        public override void Dispose() => part.Dispose();
    }
}

/// <summary>Which columns of a parquet file hold images and labels.</summary>
/// <param name="Label">Null when there are no labels.</param>
/// <param name="ClassNames">By label, from the metadata that Hugging Face's datasets write; null without it.</param>
internal sealed record ImageColumns(DataField Image, DataField? Label, string[]? ClassNames)
{
    private const string MetadataKey = "huggingface";

    /// <summary>What Hugging Face's datasets write where there is none.</summary>
    private const string NoLabel = "-1";

    private static readonly string[] LabelNames =
        ["label", "labels", "class", "cls", "target", "category", "class_id", "label_id", "class_name", "fine_label", "coarse_label"];

    /// <returns>Null where no column holds bytes.</returns>
    /// <exception cref="BadInputException">Several columns do, labels are lists or structures, or two classes have one name.</exception>
    internal static ImageColumns? Of(ParquetReader reader, string file)
    {
        var fields = reader.Schema.DataFields;
        var images = fields
            .Where(field => field.ClrType == typeof(ReadOnlyMemory<byte>) && field.MaxRepetitionLevel == 0 && !IsLabel(field.Path.FirstPart)).ToList();
        if (images.Count == 0)
            return null;
        if (images is not [var image])
        {
            throw new BadInputException($"'{file}' has the columns of bytes {string.Join(", ", images.Select(field => field.Path))}. "
                + "One is allowed, with JPEG or PNG files: leave the others out.");
        }

        var label = LabelNames.Select(name => fields.FirstOrDefault(field => Is(field.Path.FirstPart, name))).FirstOrDefault(field => field is not null);
        if (label is not null && (label.Path.Length > 1 || label.MaxRepetitionLevel > 0))
        {
            throw new BadInputException(
                $"The column '{label.Path.FirstPart}' of '{file}' holds lists or structures. Allowed for labels: whole numbers and text.");
        }

        var names = label is null ? null : NamesIn(reader.CustomMetadata.GetValueOrDefault(MetadataKey), label.Name);
        if (names?.CountBy(name => name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new BadInputException($"The metadata of '{file}' gives two classes the name '{twice}'. Give each a name of its own.");
        return new ImageColumns(image, label, names);
    }

    internal static BadInputException Lacking(string called) =>
        new($"{called} has parquet files without a column of bytes. One is needed, with JPEG or PNG files.");

    private static bool IsLabel(string? name) => LabelNames.Any(label => Is(name, label));

    private static bool Is(string? name, string label) => string.Equals(name, label, StringComparison.OrdinalIgnoreCase);

    /// <summary>The image files of a group of rows, and the class of each, null where a row has no label. Rows without an image are empty files.</summary>
    internal async Task<IReadOnlyList<(ReadOnlyMemory<byte> Bytes, string? Class)>> ReadAsync(ParquetRowGroupReader rows, CancellationToken stop)
    {
        var images = (await ColumnAsync<ReadOnlyMemory<byte>>(rows, Image, stop)).Select(image => image ?? default);
        if (Label is null)
            return [.. images.Select(image => (image, (string?)SourceImage.Unlabelled))];
        var labels = Label.ClrType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => Texts(await ColumnAsync<ReadOnlyMemory<char>>(rows, Label, stop)),
            var type when type == typeof(long) => Texts(await ColumnAsync<long>(rows, Label, stop)),
            var type when type == typeof(int) => Texts(await ColumnAsync<int>(rows, Label, stop)),
            var type when type == typeof(short) => Texts(await ColumnAsync<short>(rows, Label, stop)),
            var type when type == typeof(sbyte) => Texts(await ColumnAsync<sbyte>(rows, Label, stop)),
            var type when type == typeof(ulong) => Texts(await ColumnAsync<ulong>(rows, Label, stop)),
            var type when type == typeof(uint) => Texts(await ColumnAsync<uint>(rows, Label, stop)),
            var type when type == typeof(ushort) => Texts(await ColumnAsync<ushort>(rows, Label, stop)),
            var type when type == typeof(byte) => Texts(await ColumnAsync<byte>(rows, Label, stop)),
            var type => throw new BadInputException($"The column '{Label.Path}' holds {type.Name}. Allowed for labels: whole numbers and text."),
        };
        return [.. images.Zip(labels, (image, label) => (image, ClassOf(label)))];
    }

    private string? ClassOf(string label)
    {
        if (ClassNames is null || label.Length == 0)
            return label.Length > 0 ? label : null;
        if (label == NoLabel)
            return null;
        return int.TryParse(label, out var number) && number >= 0 && number < ClassNames.Length
            ? ClassNames[number]
            : throw new BadInputException(
                $"A row has the label '{label}' in the column '{Label?.Path}'. Allowed by the file's metadata: 0 to {ClassNames.Length - 1}.");
    }

    private static string[] Texts<T>(T?[] values)
        where T : struct => [.. values.Select(value => $"{value}")];

    /// <summary>A value for each row; null where there is none.</summary>
    private static async Task<T?[]> ColumnAsync<T>(ParquetRowGroupReader rows, DataField field, CancellationToken stop)
        where T : struct
    {
        var present = new T[rows.RowCount];
        if (field.MaxDefinitionLevel == 0)
        {
            await rows.ReadRawAsync<T>(field, present, definitionLevels: null, repetitionLevels: null, stop);
            return [.. present.Select(value => (T?)value)];
        }

        var levels = new int[rows.RowCount];
        await rows.ReadRawAsync<T>(field, present, levels.AsMemory(), repetitionLevels: null, stop);
        var next = 0;
        return [.. levels.Select(level => level == field.MaxDefinitionLevel ? present[next++] : (T?)null)];
    }

    private static string[]? NamesIn(string? metadata, string label)
    {
        if (metadata is null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(metadata);
            return json.RootElement.TryGetProperty("info", out var info) && info.TryGetProperty("features", out var features)
                && features.TryGetProperty(label, out var feature) && feature.TryGetProperty("names", out var names)
                ? [.. names.EnumerateArray().Select(name => name.GetString() ?? "")]
                : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;        // somebody else's metadata of the same name
        }
    }
}
