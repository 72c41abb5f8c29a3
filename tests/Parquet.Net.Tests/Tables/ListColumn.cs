using Parquet.Data;
using Parquet.Schema;

namespace Parquet.Tests.Tables;

/// <summary>A column of lists: null, empty, or with items that may be null where the item is nullable.</summary>
internal sealed class ListColumn<T>(string name, DataField item, T?[]?[] lists, Func<T, object> toCell) : TestColumn where T : struct
{
    internal override Field Field { get; } = new ListField(name, item);

    internal override DataField Leaf => item;

    internal override IReadOnlyList<object?> Cells => [.. lists.Select(list => list?.Select(value => value is { } there ? toCell(there) : null).ToArray())];

    internal override Task WriteAsync(ParquetRowGroupWriter group, Range rows)
    {
        List<T> values = [];
        List<int> definition = [], repetition = [];
        foreach (var list in lists[rows])
        {
            if (list is not { Length: > 0 })
            {
                repetition.Add(0);
                definition.Add(list is null ? 0 : 1);
                continue;
            }
            for (var i = 0; i < list.Length; i++)
            {
                repetition.Add(i == 0 ? 0 : 1);
                definition.Add(list[i] is null ? 2 : item.MaxDefinitionLevel);
                if (list[i] is { } value) values.Add(value);
            }
        }
        return group.WriteAllPartsAsync<T>(item, values.ToArray(), definition.ToArray(), repetition.ToArray(), CancellationToken.None);
    }

    internal override async Task<object?[]> ReadAsync(ParquetRowGroupReader group)
    {
        using var data = (RawColumnData<T>)await group.ReadRawColumnDataBaseAsync(item);
        List<List<object?>?> read = [];
        var next = 0;
        for (var slot = 0; slot < data.DefinitionLevels.Length; slot++)
        {
            var level = data.DefinitionLevels[slot];
            if (data.RepetitionLevels[slot] == 0) read.Add(level == 0 ? null : []);
            if (level >= 2) read[^1]!.Add(level == item.MaxDefinitionLevel ? toCell(data.Values[next++]) : null);
        }
        return [.. read.Select(list => list?.ToArray())];
    }
}
