using System.Globalization;
using System.Text.Json;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;

namespace LznPipeline.GpuJob.Tests.Embedding;

/// <summary>The file that the pipeline publishes, as others read it.</summary>
public sealed class EmbeddingFileTests : IDisposable
{
    private const int Rows = 9000;          // three groups of rows
    private const int Dimension = 48;

    private static readonly EmbeddingIdentity Identity = new(new ModelRef("m", "v1"), "weights", "preprocessing", Dimension, "float32", "none");
    private static readonly DatasetRef Dataset = new("d", "v1");

    private readonly string _folder = Directory.CreateTempSubdirectory("embedding-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Write_ReadByDuckDb_IsTheSameValueByValue() =>
        AssertSame(Table(), await OtherReaders.DuckDbAsync($"select * from '{await StoredAsync(Table())}'"));

    [Fact]
    public async Task Write_ReadByHyparquet_IsTheSameValueByValue() => AssertSame(Table(), await OtherReaders.HyparquetAsync(await StoredAsync(Table())));

    [Fact]
    public async Task Write_SameRows_GivesTheSameBytes() =>
        Assert.Equal(await EmbeddingFile.BytesAsync(Table(), Identity, Dataset, default), await EmbeddingFile.BytesAsync(Table(), Identity, Dataset, default));

    [Fact]
    public async Task Write_Metadata_TellsModelAndDataset()
    {
        var file = await StoredAsync(Table()[..3]);

        var metadata = await OtherReaders.DuckDbAsync($"select decode(key), decode(value) from parquet_kv_metadata('{file}')");

        var values = metadata.ToDictionary(row => row[0].GetString()!, row => row[1].GetString()!);        // both are texts in the format
        Assert.Equal(Identity, JsonSerializer.Deserialize<EmbeddingIdentity>(values[EmbeddingFile.IdentityKey], LznJson.Options));
        Assert.Equal(Dataset, JsonSerializer.Deserialize<DatasetRef>(values[EmbeddingFile.DatasetKey], LznJson.Options));
    }

    [Fact]
    public async Task Write_Vectors_HaveNoDictionary()
    {
        var file = await StoredAsync(Table());

        var encodings = await OtherReaders.DuckDbAsync($"select encodings from parquet_metadata('{file}') where path_in_schema like 'embedding%'");

        Assert.NotEmpty(encodings);
        Assert.All(encodings, encoding => Assert.DoesNotContain("DICTIONARY", encoding[0].GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_Table_IsNoLargerThanTheFileThatDuckDbMakesOfIt()
    {
        var file = await StoredAsync(Table());

        await OtherReaders.DuckDbAsync($"copy (select * from '{file}') to '{file}.peer' (format parquet, codec zstd)");

        var (ours, theirs) = (new FileInfo(file).Length, new FileInfo($"{file}.peer").Length);
        Assert.True(ours <= theirs, $"{ours} bytes; DuckDB writes {theirs}.");
    }

    /// <summary>Vectors with the numbers that are hardest to keep; every third image without a predicted class.</summary>
    private static EmbeddingRow[] Table()
    {
        var random = new Random(5);
        float[] special = [0, -0f, float.Epsilon, float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        return [.. Enumerable.Range(0, Rows).Select(row => new EmbeddingRow(
            $"train/Größe {row % 7}/{row:D5}.jpg", row % 10 == 0 ? "" : "train", row % 7, $"Größe {row % 7}", row % 3 == 0 ? null : $"Größe {row % 5}",
            Enumerable.Range(0, Dimension)
                .Select(place => row == 4 && place < special.Length ? special[place] : (float)(random.NextDouble() * 2 - 1)).ToArray()))];
    }

    private async Task<string> StoredAsync(EmbeddingRow[] rows)
    {
        var path = Path.Combine(_folder, "part.parquet");
        await File.WriteAllBytesAsync(path, await EmbeddingFile.BytesAsync(rows, Identity, Dataset, default));
        return path;
    }

    private static void AssertSame(EmbeddingRow[] expected, JsonElement[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (row, read) in expected.Zip(actual))
        {
            Assert.Equal(
                (row.Id, row.Split, row.Label, row.Class, row.Predicted),
                (read[0].GetString(), read[1].GetString(), read[2].GetInt32(), read[3].GetString(), read[4].GetString()));
            Assert.Equal(
                row.Vector.ToArray().Select(BitConverter.SingleToInt32Bits),
                read[5].EnumerateArray().Select(Number).Select(BitConverter.SingleToInt32Bits));
        }
    }

    /// <summary>What JSON has no number for is written as text there.</summary>
    private static float Number(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number ? value.GetSingle() : float.Parse(value.GetString()!, CultureInfo.InvariantCulture);
}
