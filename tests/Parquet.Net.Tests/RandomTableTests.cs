using Parquet.Tests.Foreign;
using Parquet.Tests.Tables;

namespace Parquet.Tests;

/// <summary>Whatever is written is read again, by us and by others, value by value.</summary>
public sealed class RandomTableTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 150)];

    public static TheoryData<int> ForeignSeeds => [.. Enumerable.Range(1, 30)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Table_ReadByUs_IsTheSame(int seed)
    {
        var table = new RandomTable(seed);
        using var file = new MemoryStream();
        await table.WriteAsync(file);

        await using var reader = await ParquetReader.CreateAsync(file);

        Assert.Equal(table.RowGroups.Select(rows => (long)rows), reader.RowGroups.Select(group => group.RowCount));
        foreach (var column in table.Columns)
        {
            var read = new List<object?>();
            foreach (var group in reader.RowGroups) read.AddRange(await column.ReadAsync(group));
            Assert.Equal(column.Cells, read);
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task Table_SchemaReadBack_EqualsTheOneWritten(int seed)
    {
        var table = new RandomTable(seed);
        using var file = new MemoryStream();
        await table.WriteAsync(file);

        Assert.Equal(table.Schema, await ParquetReader.ReadSchemaAsync(file));
    }

    [Theory, MemberData(nameof(ForeignSeeds))]
    public async Task Table_ReadByDuckDb_IsTheSame(int seed)
    {
        using var file = await StoredTable.WriteAsync(new RandomTable(seed, splitIntegers: false));

        file.ShouldHold(await OtherReaders.DuckDbAsync($"select * from '{file.Path}'"));
    }

    [Theory, MemberData(nameof(ForeignSeeds))]
    public async Task Table_ReadByHyparquet_IsTheSame(int seed)
    {
        using var file = await StoredTable.WriteAsync(new RandomTable(seed));

        file.ShouldHold(await OtherReaders.HyparquetAsync(file.Path));
    }
}
