using Parquet.Schema;

namespace Parquet.Tests;

/// <summary>What the writer refuses, and what it leaves behind when it is stopped.</summary>
public sealed class WriterContractTests
{
    private readonly DataField<int> _first = new("first");
    private readonly DataField<string> _second = new("second");
    private readonly ParquetSchema _schema;

    public WriterContractTests() => _schema = new ParquetSchema(_first, _second);

    [Fact]
    public async Task Write_NullInRequiredColumn_NamesColumnAndRow()
    {
        await using var writer = await ParquetWriter.CreateAsync(_schema, new MemoryStream());
        using var group = writer.CreateRowGroup();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => group.WriteAsync<int>(_first, new int?[] { 1, null }));

        Assert.Contains("'first' is required, but value 1 is null", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NullInRequiredText_IsRefused()
    {
        var text = new DataField<string>("text", false);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text), new MemoryStream());
        using var group = writer.CreateRowGroup();

        await Assert.ThrowsAsync<ArgumentException>(() => group.WriteAsync(text, new[] { "a", null }));
    }

    [Fact]
    public async Task Write_WrongOrder_NamesTheExpectedColumn()
    {
        await using var writer = await ParquetWriter.CreateAsync(_schema, new MemoryStream());
        using var group = writer.CreateRowGroup();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => group.WriteAsync(_second, new[] { "a" }));

        Assert.Contains("expected: 'first'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_WrongType_NamesBoth()
    {
        await using var writer = await ParquetWriter.CreateAsync(_schema, new MemoryStream());
        using var group = writer.CreateRowGroup();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => group.WriteAsync<long>(_first, new long[] { 1 }));

        Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_UnattachedField_IsRefused()
    {
        await using var writer = await ParquetWriter.CreateAsync(_schema, new MemoryStream());
        using var group = writer.CreateRowGroup();

        await Assert.ThrowsAsync<ArgumentException>(() => group.WriteAsync<int>(new DataField<int>("first"), new[] { 1 }));
    }

    [Fact]
    public async Task Write_OtherRowCount_NamesBothCounts()
    {
        await using var writer = await ParquetWriter.CreateAsync(_schema, new MemoryStream());
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<int>(_first, new[] { 1, 2 });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => group.WriteAsync(_second, new[] { "a" }));

        Assert.Contains("has 1 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("has 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_PlainArrayToNullableColumn_SaysWhatToPass()
    {
        var nullable = new DataField<int>("n", true);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(nullable), new MemoryStream());
        using var group = writer.CreateRowGroup();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => group.WriteAsync<int>(nullable, new[] { 1 }));

        Assert.Contains("Int32?[]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 2, 2 }, new[] { 0, 1 }, "2 definition levels say")]
    [InlineData(new[] { 2, 1, 3 }, new[] { 0, 0, 0 }, "level 3 in slot 2")]
    [InlineData(new[] { 2, 2, 2 }, new[] { 0, 1 }, "2 repetition levels for 3")]
    [InlineData(new[] { 2, 2, 2 }, new[] { 1, 0, 0 }, "first repetition level is 1")]
    [InlineData(new[] { 2, 2, 2 }, new[] { 0, 2, 0 }, "level 2 in slot 1")]
    public async Task WriteAllParts_LevelsThatContradict_AreRefused(int[] definition, int[] repetition, string message)
    {
        var item = new DataField<float>("element");
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(new ListField("list", item)), new MemoryStream());
        using var group = writer.CreateRowGroup();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => group.WriteAllPartsAsync<float>(item, new float[] { 1, 2, 3 }, definition, repetition, CancellationToken.None));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TwoColumnsOfOneName_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => ParquetWriter.CreateAsync(new ParquetSchema(new DataField<int>("a"), new DataField<long>("a")), new MemoryStream()));

        Assert.Contains("2 columns named 'a'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_RowGroupWithoutAllColumns_LeavesNoFileThatLooksWhole()
    {
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(_schema, file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(_first, new[] { 1 });
            var error = Assert.Throws<InvalidOperationException>(group.CompleteValidate);
            Assert.Contains("Missing: second", error.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<IOException>(() => ParquetReader.CreateAsync(file));
    }

    [Fact]
    public async Task Append_Interrupted_LeavesTheOldFile()
    {
        using var file = await OneGroupAsync(new MemoryStream());
        var before = file.ToArray();

        await using (var writer = await ParquetWriter.CreateAsync(_schema, file, append: true))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(_first, new[] { 3, 4 });
        }

        Assert.Equal(before, file.ToArray());
    }

    [Fact]
    public async Task Append_WholeGroup_KeepsMetadataAndAddsRows()
    {
        using var file = await OneGroupAsync(new MemoryStream());

        await using (var writer = await ParquetWriter.CreateAsync(_schema, file, append: true))
            await WriteGroupAsync(writer);

        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal([2L, 2L], reader.RowGroups.Select(group => group.RowCount));
        Assert.Equal(4, reader.Metadata!.NumRows);
        Assert.Equal("value", reader.CustomMetadata["key"]);
    }

    [Fact]
    public async Task Append_OtherSchema_SaysBoth()
    {
        using var file = await OneGroupAsync(new MemoryStream());

        var error = await Assert.ThrowsAsync<ParquetException>(() => ParquetWriter.CreateAsync(new ParquetSchema(new DataField<int>("other")), file, append: true));

        Assert.Contains("second", error.Message, StringComparison.Ordinal);
        Assert.Contains("other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_EmptyStream_IsAnIoError() =>
        await Assert.ThrowsAsync<IOException>(() => ParquetWriter.CreateAsync(_schema, new MemoryStream(), append: true));

    private async Task<MemoryStream> OneGroupAsync(MemoryStream file)
    {
        await using var writer = await ParquetWriter.CreateAsync(_schema, file);
        writer.CustomMetadata = new Dictionary<string, string> { ["key"] = "value" };
        await WriteGroupAsync(writer);
        return file;
    }

    private async Task WriteGroupAsync(ParquetWriter writer)
    {
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<int>(_first, new[] { 1, 2 }, customMetadata: new() { ["unit"] = "pixels" });
        await group.WriteAsync(_second, new[] { "a", null });
    }
}
