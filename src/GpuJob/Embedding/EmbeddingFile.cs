using System.IO.Compression;
using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using Parquet;
using Parquet.Schema;

namespace LznPipeline.GpuJob.Embedding;

/// <summary>
/// The parquet file of an embedding part: <c>id, split, label, class, predicted, embedding</c>, with the model's identity in the file's metadata.
/// <c>predicted</c> is null where the model knows no labels.
/// </summary>
internal static class EmbeddingFile
{
    internal const string IdentityKey = "lzn.identity";
    internal const string DatasetKey = "lzn.dataset";

    private const int RowGroupRows = 4096;

    private static readonly DataField<string> Id = new("id", nullable: false);
    private static readonly DataField<string> Split = new("split", nullable: false);
    private static readonly DataField<int> Label = new("label");
    private static readonly DataField<string> Class = new("class", nullable: false);
    private static readonly DataField<string> Predicted = new("predicted", nullable: true);
    private static readonly DataField<float> Element = new(ListField.ElementName);
    private static readonly ParquetSchema Schema = new(Id, Split, Label, Class, Predicted, new ListField("embedding", Element));

    /// <summary>The same rows give the same bytes.</summary>
    internal static async Task<byte[]> BytesAsync(IEnumerable<EmbeddingRow> rows, EmbeddingIdentity identity, DatasetRef dataset, CancellationToken stop)
    {
        using var file = new MemoryStream();
        await WriteAsync(file, rows, identity, dataset, stop);
        return file.ToArray();
    }

    /// <param name="to">Stays open.</param> <param name="rows">Asked for group by group.</param>
    /// <param name="dataset">Null for images that are no dataset of the pipeline.</param>
    internal static async Task WriteAsync(Stream to, IEnumerable<EmbeddingRow> rows, EmbeddingIdentity identity, DatasetRef? dataset, CancellationToken stop)
    {
        await using var writer = await ParquetWriter.CreateAsync(Schema, to, Options(), cancellationToken: stop);
        var metadata = new Dictionary<string, string> { [IdentityKey] = JsonSerializer.Serialize(identity, LznJson.Options) };
        if (dataset is not null)
            metadata[DatasetKey] = JsonSerializer.Serialize(dataset, LznJson.Options);
        writer.CustomMetadata = metadata;
        foreach (var group in rows.Chunk(RowGroupRows))
            await WriteAsync(writer, group, stop);
    }

    /// <remarks>
    /// No two numbers of vectors are alike, so a dictionary would only be larger. With their first bytes together, then their second, ..., they are compressed
    /// best, and the quickest level of compression makes them as small as others do.
    /// </remarks>
    private static ParquetOptions Options()
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        options.ColumnEncodingHints[Element.Path.ToString()] = EncodingHint.ByteSplitStream;
        return options;
    }

    private static async Task WriteAsync(ParquetWriter writer, EmbeddingRow[] rows, CancellationToken stop)
    {
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(Id, rows.Select(row => row.Id).ToArray());
        await group.WriteAsync(Split, rows.Select(row => row.Split).ToArray());
        await group.WriteAsync<int>(Label, rows.Select(row => row.Label).ToArray(), cancellationToken: stop);
        await group.WriteAsync(Class, rows.Select(row => row.Class).ToArray());
        await group.WriteAsync(Predicted, rows.Select(row => row.Predicted).ToArray());
        await WriteAsync(group, rows, stop);
        group.CompleteValidate();
    }

    /// <summary>All vectors in one column of numbers, each with repetition level 0 where a row begins and 1 where it goes on.</summary>
    private static async Task WriteAsync(ParquetRowGroupWriter group, EmbeddingRow[] rows, CancellationToken stop)
    {
        var count = rows.Sum(row => row.Vector.Length);
        var (values, definition, repetition) = (new float[count], new int[count], new int[count]);
        definition.AsSpan().Fill(Element.MaxDefinitionLevel);
        repetition.AsSpan().Fill(1);
        var place = 0;
        foreach (var row in rows)
        {
            row.Vector.Span.CopyTo(values.AsSpan(place));
            repetition[place] = 0;
            place += row.Vector.Length;
        }

        await group.WriteAllPartsAsync<float>(Element, values, definition, repetition, stop);
    }
}
