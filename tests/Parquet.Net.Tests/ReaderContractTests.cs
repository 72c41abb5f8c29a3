using Parquet.Data;
using Parquet.Schema;

namespace Parquet.Tests;

/// <summary>What the reader refuses, and what it tells about a file.</summary>
public sealed class ReaderContractTests : IAsyncLifetime
{
    private readonly DataField<float> _score = new("score");
    private readonly DataField<int> _count = new("count", true);
    private readonly DataField<string> _name = new("name");
    private readonly DataField<float> _item = new("element");
    private ParquetReader _reader = null!;   // set before each test

    private ParquetRowGroupReader Group => _reader.RowGroups[0];

    public async Task InitializeAsync()
    {
        var file = new MemoryStream();
        var schema = new ParquetSchema(_score, _count, _name, new ListField("list", _item));
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<float>(_score, new[] { 0f, -1.5f, 2.5f }, customMetadata: new() { ["unit"] = "logit" });
            await group.WriteAsync<int>(_count, new int?[] { 7, null, -7 });
            await group.WriteAsync(_name, new[] { "b", "ü", null });
            await group.WriteAsync<float>(_item, new float?[] { 1, 2, null, float.NaN }, new[] { 0, 1, 0, 0 });
        }
        _reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: false);
    }

    public async Task DisposeAsync() => await _reader.DisposeAsync();

    [Fact]
    public void Statistics_Written_AreReadInTheColumnsType()
    {
        Assert.Equivalent(new DataColumnStatistics(0, null, -1.5f, 2.5f), Group.GetStatistics(_score));
        Assert.Equivalent(new DataColumnStatistics(1, null, -7, 7), Group.GetStatistics(_count));
        Assert.Equivalent(new DataColumnStatistics(1, null, "b", "ü"), Group.GetStatistics(_name));
    }

    [Fact]
    public void Statistics_WithNaN_HaveNoBounds() => Assert.Equivalent(new DataColumnStatistics(1, null, null, null), Group.GetStatistics(_item));

    [Fact]
    public void ColumnMetadata_Written_IsRead() => Assert.Equal("logit", Group.GetCustomMetadata(_score)["unit"]);

    [Fact]
    public async Task List_NullOfRequiredItem_IsAnEmptyList()
    {
        using var data = (RawColumnData<float>)await Group.ReadRawColumnDataBaseAsync(_item);

        Assert.Equal([2, 2, 1, 2], data.DefinitionLevels.ToArray());
        Assert.Equal([1f, 2f, float.NaN], data.Values[..3].ToArray());
    }

    [Fact]
    public async Task Read_NullableColumnWithoutRoomForNulls_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Group.ReadAsync<int>(_count, new int[3]));

    [Fact]
    public async Task Read_ShortBuffer_NamesBothLengths()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Group.ReadAsync<float>(_score, new float[2]));

        Assert.Contains("has 2 slots, 3 are needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OtherType_NamesBoth()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Group.ReadAsync<double>(_score, new double[3]));

        Assert.Contains("System.Single", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ListAsFlatColumn_SaysHow()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Group.ReadAsync<float>(_item, new float?[4]));

        Assert.Contains(nameof(ParquetRowGroupReader.ReadRawAsync), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ColumnNotInFile_NamesTheColumnsThere()
    {
        var other = new ParquetSchema(new DataField<int>("other"));

        var error = await Assert.ThrowsAsync<ParquetException>(async () => await Group.ReadAsync<int>(other.DataFields[0], new int[3]));

        Assert.Contains("score, count, name, list/list/element", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenRowGroupReader_OutOfRange_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => _reader.OpenRowGroupReader(1));

    [Fact]
    public void Schema_List_HasTheLevelsOfTheFormat()
    {
        var leaf = _reader.Schema.DataFields[3];

        Assert.Equal("list/list/element", leaf.Path.ToString());
        Assert.Equal((1, 2), (leaf.MaxRepetitionLevel, leaf.MaxDefinitionLevel));
        Assert.Equal(3, new ParquetSchema(new ListField("l", new DataField<float?>("element"))).DataFields[0].MaxDefinitionLevel);
    }
}
