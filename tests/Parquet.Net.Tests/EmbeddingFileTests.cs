using Parquet.Data;
using Parquet.Schema;

namespace Parquet.Tests;

/// <summary>The file that the pipeline publishes: identifiers, labels, a list of floats each.</summary>
public sealed class EmbeddingFileTests
{
    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    public async Task Embeddings_EveryCodec_ComeBackBitForBit(CompressionMethod method)
    {
        const int rows = 3000, dimension = 128;   // 1.5 MB of floats: several pages
        var random = new Random(5);
        var vectors = Enumerable.Range(0, rows * dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var id = new DataField<string>("id");
        var label = new DataField<int>("label");
        var element = new DataField<float>("element");
        var schema = new ParquetSchema(id, label, new ListField("embedding", element));
        var repetition = Enumerable.Range(0, vectors.Length).Select(i => i % dimension == 0 ? 0 : 1).ToArray();
        var definition = Enumerable.Repeat(element.MaxDefinitionLevel, vectors.Length).ToArray();
        using var file = new MemoryStream();

        await using (var writer = await ParquetWriter.CreateAsync(schema, file, new ParquetOptions { CompressionMethod = method }))
        {
            writer.CustomMetadata = new Dictionary<string, string> { ["model"] = "m1" };
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(id, Enumerable.Range(0, rows).Select(i => $"image-{i:d5}").ToArray());
            await group.WriteAsync<int>(label, Enumerable.Range(0, rows).Select(i => i % 10).ToArray());
            await group.WriteAllPartsAsync<float>(element, vectors, definition, repetition, CancellationToken.None);
            group.CompleteValidate();
        }

        await using var reader = await ParquetReader.CreateAsync(file);
        using var data = (RawColumnData<float>)await reader.RowGroups[0].ReadRawColumnDataBaseAsync(element);
        var ids = new string?[rows];
        await reader.RowGroups[0].ReadAsync(id, ids);
        Assert.Equal("m1", reader.CustomMetadata["model"]);
        Assert.Equal(rows, reader.RowGroups[0].RowCount);
        Assert.Equal("image-02999", ids[^1]);
        Assert.Equal(vectors, data.Values.ToArray());
        Assert.Equal(repetition, data.RepetitionLevels.ToArray());
        Assert.Equal(definition, data.DefinitionLevels.ToArray());
    }
}
