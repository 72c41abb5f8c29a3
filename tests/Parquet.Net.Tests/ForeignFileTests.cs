using Parquet.Data;
using Parquet.Meta;
using Parquet.Schema;
using Parquet.Tests.Foreign;

namespace Parquet.Tests;

/// <summary>Files that others wrote, read by us.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const int Rows = 20_000;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"lzn-{Guid.NewGuid():n}.parquet");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("uncompressed", "V1")]
    [InlineData("snappy", "V1")]
    [InlineData("gzip", "V1")]
    [InlineData("zstd", "V1")]
    [InlineData("brotli", "V1")]
    [InlineData("zstd", "V2")]
    [InlineData("uncompressed", "V2")]
    public async Task DuckDbFile_EveryCodecAndVersion_IsReadValueByValue(string codec, string version)
    {
        await OtherReaders.DuckDbAsync($"""
            copy (
              select i::bigint as id, (i % 7)::int as small, case when i % 5 = 0 then null else i * 0.5 end::double as half, 'label-' || (i % 10) as label, 'text ' || hash(i) as text,
                case when i % 3 = 0 then null else i % 2 = 0 end as flag, encode('b' || i) as bytes, '2024-01-01'::timestamp + to_microseconds(i) as time,
                case when i % 11 = 0 then null when i % 13 = 0 then [] else [i::float, null, (i / 4)::float] end as list
              from range({Rows}) t(i))
            to '{_path}' (format parquet, codec '{codec}', parquet_version '{version}', row_group_size 6000)
            """);
        await using var reader = await ParquetReader.CreateAsync(_path);
        var row = 0;

        foreach (var group in reader.RowGroups)
        {
            var count = (int)group.RowCount;
            var id = await ReadAsync<long>(group, reader.Schema, "id");
            var small = await ReadAsync<int>(group, reader.Schema, "small");
            var half = await ReadAsync<double>(group, reader.Schema, "half");
            var flag = await ReadAsync<bool>(group, reader.Schema, "flag");
            var time = await ReadAsync<DateTime>(group, reader.Schema, "time");
            string?[] label = new string?[count], text = new string?[count];
            await group.ReadAsync(reader.Schema.FindDataField("label"), label);
            await group.ReadAsync(reader.Schema.FindDataField("text"), text);
            var bytes = new byte[]?[count];
            await group.ReadAsync(reader.Schema.FindDataField("bytes"), bytes);
            var lists = await ReadListsAsync(group, reader.Schema);
            for (var i = 0; i < count; i++, row++)
            {
                Assert.Equal(row, id[i]);
                Assert.Equal(row % 7, small[i]);
                Assert.Equal(row % 5 == 0 ? null : row * 0.5, half[i]);
                Assert.Equal(row % 3 == 0 ? null : row % 2 == 0, flag[i]);
                Assert.Equal($"label-{row % 10}", label[i]);
                Assert.StartsWith("text ", text[i], StringComparison.Ordinal);
                Assert.Equal(System.Text.Encoding.ASCII.GetBytes($"b{row}"), bytes[i]);
                Assert.Equal(new DateTime(2024, 1, 1).AddMicroseconds(row), time[i]);
                Assert.Equal(row % 11 == 0 ? null : row % 13 == 0 ? [] : new float?[] { row, null, (float)(row / 4.0) }, lists[i]);
            }
        }
        Assert.Equal(Rows, row);
        Assert.Equal(4, reader.RowGroupCount);
    }

    [Theory]
    [InlineData("PLAIN", "INT32")]
    [InlineData("DELTA_BINARY_PACKED", "INT32")]
    [InlineData("BYTE_STREAM_SPLIT", "INT32")]
    [InlineData("RLE_DICTIONARY", "INT32")]
    [InlineData("DELTA_BINARY_PACKED", "INT64")]
    [InlineData("BYTE_STREAM_SPLIT", "FLOAT")]
    [InlineData("BYTE_STREAM_SPLIT", "DOUBLE")]
    [InlineData("PLAIN", "STRING")]
    [InlineData("DELTA_LENGTH_BYTE_ARRAY", "STRING")]
    [InlineData("DELTA_BYTE_ARRAY", "STRING")]
    [InlineData("RLE_DICTIONARY", "STRING")]
    [InlineData("RLE", "BOOLEAN")]
    public async Task VersionTwoPages_EveryEncoding_AreReadValueByValue(string encoding, string type)
    {
        object?[] data = [.. Enumerable.Range(0, 3000).Select(i => i % 4 == 1 ? null : type switch
        {
            "STRING" => $"prefix-{i / 7}-{new string('x', i % 5)}",
            "BOOLEAN" => (object)(i % 9 < 4),
            _ => (i * i % 1000) - 500,
        })];
        await OtherReaders.HyparquetWriteAsync(new { file = _path, codec = "SNAPPY", columns = new[] { new { name = "c", type, encoding, nullable = true, data } } });

        await using var reader = await ParquetReader.CreateAsync(_path);
        var field = reader.Schema.DataFields.Single();
        var group = reader.RowGroups.Single();
        Assert.Contains(Enum.Parse<Encoding>(encoding), group.GetMetadata(field)!.MetaData!.Encodings);
        if (type == "STRING")
        {
            var text = new string?[data.Length];
            await group.ReadAsync(field, text);
            Assert.Equal(data, text);
            return;
        }
        Assert.Equal<double?>(data.Select(value => value is null ? (double?)null : Convert.ToDouble(value)), type switch
        {
            "INT32" => (await ReadAsync<int>(group, reader.Schema, "c")).Select(value => (double?)value),
            "INT64" => (await ReadAsync<long>(group, reader.Schema, "c")).Select(value => (double?)value),
            "FLOAT" => (await ReadAsync<float>(group, reader.Schema, "c")).Select(value => (double?)value),
            "DOUBLE" => await ReadAsync<double>(group, reader.Schema, "c"),
            _ => (await ReadAsync<bool>(group, reader.Schema, "c")).Select(value => value is { } flag ? Convert.ToDouble(flag) : (double?)null),
        });
    }

    [Fact]
    public async Task DuckDbFile_AppendedTo_HoldsBothPartsForDuckDb()
    {
        await OtherReaders.DuckDbAsync($"copy (select i::int as n, 's' || i as s from range(5) t(i)) to '{_path}' (format parquet, codec 'zstd')");
        await using (var file = File.Open(_path, FileMode.Open))
        {
            var schema = await ParquetReader.ReadSchemaAsync(file);
            await using var writer = await ParquetWriter.CreateAsync(schema, file, append: true);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(schema.DataFields[0], new int?[] { 5, null });
            await group.WriteAsync(schema.DataFields[1], new[] { null, "s6" });
        }

        var rows = await OtherReaders.DuckDbAsync($"select * from '{_path}'");

        Assert.Equal(["[0,\"s0\"]", "[1,\"s1\"]", "[2,\"s2\"]", "[3,\"s3\"]", "[4,\"s4\"]", "[5,null]", "[null,\"s6\"]"], rows.Select(row => row.GetRawText()));
    }

    private static async Task<T?[]> ReadAsync<T>(ParquetRowGroupReader group, ParquetSchema schema, string name) where T : struct
    {
        var values = new T?[group.RowCount];
        await group.ReadAsync<T>(schema.FindDataField(name), values);
        return values;
    }

    private static async Task<float?[]?[]> ReadListsAsync(ParquetRowGroupReader group, ParquetSchema schema)
    {
        var item = schema.DataFields.Single(field => field.Path.FirstPart == "list");
        using var data = (RawColumnData<float>)await group.ReadRawColumnDataBaseAsync(item);
        List<List<float?>?> lists = [];
        var next = 0;
        for (var slot = 0; slot < data.DefinitionLevels.Length; slot++)
        {
            var level = data.DefinitionLevels[slot];
            if (data.RepetitionLevels[slot] == 0) lists.Add(level == 0 ? null : []);
            if (level >= 2) lists[^1]!.Add(level == 3 ? data.Values[next++] : null);
        }
        return [.. lists.Select(list => list?.ToArray())];
    }
}
