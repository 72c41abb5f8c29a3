using Parquet.Data;
using Parquet.Meta.Proto;
using Parquet.Schema;

namespace Parquet.Tests;

/// <summary>Bad files give clear exceptions: no crash, no hang, no memory that the file does not justify.</summary>
public sealed class CorruptFileTests
{
    private const long FairMemory = 64 << 20;   // of a file of a few hundred bytes

    public static TheoryData<CompressionMethod> Methods => [CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd];

    [Theory, MemberData(nameof(Methods))]
    public async Task File_CutAtAnyByte_IsRefused(CompressionMethod method)
    {
        var whole = await SmallFileAsync(method);

        for (var length = 0; length < whole.Length; length++)
        {
            var error = await Record.ExceptionAsync(() => ReadAllAsync(whole[..length]));

            Assert.True(error is IOException, $"cut at {length} of {whole.Length}: {error}");
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task File_AnyByteFlipped_IsReadOrRefusedClearly(CompressionMethod method)
    {
        var whole = await SmallFileAsync(method);
        byte[] masks = [0x01, 0x80, 0xFF];

        for (var position = 0; position < whole.Length; position++)
        {
            foreach (var mask in masks)
            {
                var bad = (byte[])whole.Clone();
                bad[position] ^= mask;
                var before = GC.GetAllocatedBytesForCurrentThread();

                var error = await Record.ExceptionAsync(() => ReadAllAsync(bad));

                Assert.True(error is null or IOException or ParquetException or ThriftProtocolException or NotSupportedException, $"byte {position} xor {mask:x2}: {error}");
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FairMemory);
            }
        }
    }

    [Fact]
    public async Task File_RandomBytesBetweenTheMarks_IsRefusedClearly()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var bad = new byte[random.Next(12, 300)];
            random.NextBytes(bad);
            "PAR1"u8.CopyTo(bad);
            "PAR1"u8.CopyTo(bad.AsSpan(bad.Length - 4));
            BitConverter.TryWriteBytes(bad.AsSpan(bad.Length - 8), random.Next(1, bad.Length - 11));

            var error = await Record.ExceptionAsync(() => ReadAllAsync(bad));

            Assert.True(error is IOException or ParquetException or ThriftProtocolException or NotSupportedException, $"round {round}: {error}");
        }
    }

    [Fact]
    public async Task NoParquetFile_Error_ShowsWhatTheFileStartsWith()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => ReadAllAsync("this is text, not parquet"u8.ToArray()));

        Assert.Contains("74686973", error.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> SmallFileAsync(CompressionMethod method)
    {
        DataField id = new DataField<string>("id"), number = new DataField<long>("number", true), flag = new DataField<bool>("flag"), item = new DataField<float>("element");
        var schema = new ParquetSchema(id, number, flag, new ListField("vector", item));
        var options = new ParquetOptions { CompressionMethod = method };
        options.ColumnEncodingHints["id"] = EncodingHint.Dictionary;
        options.ColumnEncodingHints["number"] = EncodingHint.DeltaBinaryPacked;
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, options))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(id, new[] { "a", "b", null, "a", "c", "b" });
            await group.WriteAsync<long>(number, new long?[] { 1, null, -3, 1L << 40, 5, 6 });
            await group.WriteAsync<bool>(flag, new[] { true, false, true, true, false, false });
            await group.WriteAllPartsAsync<float>(item, new float[] { 1, 2, 3, 4, 5, 6, 7 }, new[] { 2, 2, 0, 1, 2, 2, 2, 2, 2 }, new[] { 0, 1, 0, 0, 0, 1, 1, 0, 0 }, CancellationToken.None);
        }
        return file.ToArray();
    }

    private static async Task ReadAllAsync(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        await using var reader = await ParquetReader.CreateAsync(file);
        foreach (var group in reader.RowGroups)
        {
            foreach (var field in reader.Schema.DataFields.Where(group.ColumnExists))
            {
                group.GetStatistics(field);
                using RawColumnData data = await group.ReadRawColumnDataBaseAsync(field);
            }
        }
    }
}
