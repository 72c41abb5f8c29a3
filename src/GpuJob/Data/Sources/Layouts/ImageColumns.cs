using System.Text.Json;
using LznPipeline.GpuJob.Runtime;
using Parquet;
using Parquet.Schema;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>Which columns of a parquet file hold images and labels.</summary>
/// <param name="Label">Null when there are no labels.</param>
/// <param name="ClassNames">By label, from the metadata that Hugging Face's datasets write; null without it.</param>
internal sealed record ImageColumns(DataField Image, DataField? Label, string[]? ClassNames)
{
    private const string MetadataKey = "huggingface";

    private static readonly string[] LabelNames = ["label", "labels", "class", "cls", "target", "fine_label", "coarse_label"];

    /// <exception cref="BadInputException">There is no column of images, or several.</exception>
    internal static ImageColumns Of(ParquetReader reader, string file)
    {
        var fields = reader.Schema.DataFields;
        var images = fields.Where(field => field.ClrType == typeof(ReadOnlyMemory<byte>) && field.MaxRepetitionLevel == 0).ToList();
        if (images is not [var image])
        {
            throw new BadInputException($"'{file}' has {(images.Count == 0 ? "no column of bytes" : $"the columns of bytes {string.Join(", ", images.Select(field => field.Path))}")}. "
                + $"One is needed, with JPEG or PNG files. Its columns are {string.Join(", ", fields.Select(field => field.Path))}.");
        }

        var label = LabelNames.Select(name => fields.FirstOrDefault(field => $"{field.Path}" == name)).FirstOrDefault(field => field is not null);
        return new ImageColumns(image, label, label is null ? null : NamesIn(reader.CustomMetadata.GetValueOrDefault(MetadataKey), label.Name));
    }

    /// <summary>The image files of a group of rows, and the class of each. Rows without an image are empty files.</summary>
    internal async Task<IReadOnlyList<(ReadOnlyMemory<byte> Bytes, string Class)>> ReadAsync(ParquetRowGroupReader rows, CancellationToken stop)
    {
        var images = await ColumnAsync<ReadOnlyMemory<byte>>(rows, Image, stop);
        if (Label is null)
            return [.. images.Select(image => (image, SourceImage.Unlabelled))];
        var labels = Label.ClrType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => Texts(await ColumnAsync<ReadOnlyMemory<char>>(rows, Label, stop)),
            var type when type == typeof(long) => Texts(await ColumnAsync<long>(rows, Label, stop)),
            var type when type == typeof(int) => Texts(await ColumnAsync<int>(rows, Label, stop)),
            var type when type == typeof(short) => Texts(await ColumnAsync<short>(rows, Label, stop)),
            var type when type == typeof(byte) => Texts(await ColumnAsync<byte>(rows, Label, stop)),
            var type => throw new BadInputException($"The column '{Label.Path}' holds {type.Name}. Allowed for labels: whole numbers and text."),
        };
        return [.. images.Zip(labels, (image, label) => (image, ClassOf(label)))];
    }

    private string ClassOf(string label)
    {
        if (ClassNames is null)
            return label.Length > 0 ? label : throw new BadInputException($"A row has no label in the column '{Label?.Path}'.");
        return int.TryParse(label, out var number) && number >= 0 && number < ClassNames.Length
            ? ClassNames[number]
            : throw new BadInputException($"A row has the label '{label}' in the column '{Label?.Path}'. Allowed by the file's metadata: 0 to {ClassNames.Length - 1}.");
    }

    private static string[] Texts<T>(T[] values) => [.. values.Select(value => $"{value}")];

    /// <summary>A value for each row; the type's default where there is none.</summary>
    private static async Task<T[]> ColumnAsync<T>(ParquetRowGroupReader rows, DataField field, CancellationToken stop)
        where T : struct
    {
        var present = new T[rows.RowCount];
        if (field.MaxDefinitionLevel == 0)
        {
            await rows.ReadRawAsync<T>(field, present, definitionLevels: null, repetitionLevels: null, stop);
            return present;
        }

        var levels = new int[rows.RowCount];
        await rows.ReadRawAsync<T>(field, present, levels.AsMemory(), repetitionLevels: null, stop);
        var next = 0;
        return [.. levels.Select(level => level == field.MaxDefinitionLevel ? present[next++] : default)];
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
