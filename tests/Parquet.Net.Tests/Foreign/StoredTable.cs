using System.Text.Json;
using Parquet.Tests.Tables;

namespace Parquet.Tests.Foreign;

/// <summary>A random table in a file, for others to read.</summary>
internal sealed class StoredTable : IDisposable
{
    private readonly RandomTable _table;

    private StoredTable(RandomTable table) => _table = table;

    internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"lzn-{Guid.NewGuid():n}.parquet");

    public void Dispose() => File.Delete(Path);

    internal static async Task<StoredTable> WriteAsync(RandomTable table)
    {
        var stored = new StoredTable(table);
        await using var file = File.Create(stored.Path);
        await table.WriteAsync(file);
        return stored;
    }

    internal void ShouldHold(JsonElement[] rows)
    {
        var expected = _table.Rows();
        Assert.Equal(expected.Length, rows.Length);
        for (var row = 0; row < rows.Length; row++)
            for (var column = 0; column < _table.Columns.Length; column++)
                Cells.Equal(expected[row][column], rows[row][column], $"row {row} of {_table.Columns[column].Leaf} ({_table.Options.CompressionMethod})");
    }
}
