using Parquet;
using Parquet.Schema;
using Spectre.Console;

namespace LznPipeline.Cli.Api;

/// <summary>Schema, metadata and first rows of a parquet file, for people.</summary>
internal static class ParquetTable
{
    private const int ValuesShown = 4;

    internal static async Task WriteAsync(IAnsiConsole console, string path, int rows, CancellationToken stop)
    {
        await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: stop);
        console.MarkupLineInterpolated($"[bold]{path}[/]  {Rows(reader)} rows in {reader.RowGroupCount} row group(s)");
        foreach (var field in reader.Schema.Fields)
            console.MarkupLineInterpolated($"  {field.Name,-20} {Describe(field)}");
        foreach (var (key, value) in reader.CustomMetadata)
            console.MarkupLineInterpolated($"  [grey]{key} = {value}[/]");
        if (reader.RowGroupCount > 0 && rows > 0)
            console.Write(await FirstRowsAsync(reader, rows, stop));
    }

    private static async Task<Table> FirstRowsAsync(ParquetReader reader, int rows, CancellationToken stop)
    {
        using var group = reader.OpenRowGroupReader(0);
        var fields = reader.Schema.DataFields;
        var table = new Table().Border(TableBorder.Rounded).AddColumns([.. fields.Select(field => Markup.Escape(Title(field, fields)))]);
        var columns = new List<string[]>();
        foreach (var field in fields)
            columns.Add(await ColumnAsync(group, field, stop));
        for (var row = 0; row < Math.Min(rows, group.RowCount); row++)
            table.AddRow([.. columns.Select(column => Markup.Escape(column[row]))]);
        return table;
    }

    private static long Rows(ParquetReader reader) => reader.RowGroups.Sum(group => group.RowCount);

    /// <summary>The column's name; of a structure's fields, which are columns of their own, the way to each, such as <c>image.bytes</c>.</summary>
    private static string Title(DataField field, DataField[] all)
    {
        var parts = $"{field.Path}".Split('/');
        return all.Count(other => $"{other.Path}".Split('/')[0] == parts[0]) == 1 ? parts[0] : string.Join('.', parts);
    }

    private static string Describe(Field field) => field switch
    {
        ListField list => $"list of {Describe(list.Item)}",
        StructField structure => $"structure of {string.Join(", ", structure.Fields.Select(each => $"{each.Name}: {Describe(each)}"))}",
        DataField data => $"{TypeName(data.ClrType)}{(data.IsNullable ? ", nullable" : "")}",
        _ => field.SchemaType.ToString(),
    };

    private static string TypeName(Type type) =>
        type == typeof(ReadOnlyMemory<char>) ? "string"
        : type == typeof(ReadOnlyMemory<byte>) ? "bytes"
        : type == typeof(float) ? "float"
        : type.Name.ToLowerInvariant();

    /// <summary>A column as text, a line for each row.</summary>
    private static async Task<string[]> ColumnAsync(ParquetRowGroupReader group, DataField field, CancellationToken stop)
    {
        var column = new ColumnText(group, field, stop);
        return field.ClrType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => await column.ReadAsync<ReadOnlyMemory<char>>(),
            var type when type == typeof(ReadOnlyMemory<byte>) => await column.ReadAsync<ReadOnlyMemory<byte>>(),
            var type when type == typeof(float) => await column.ReadAsync<float>(),
            var type when type == typeof(double) => await column.ReadAsync<double>(),
            var type when type == typeof(int) => await column.ReadAsync<int>(),
            var type when type == typeof(long) => await column.ReadAsync<long>(),
            var type when type == typeof(bool) => await column.ReadAsync<bool>(),
            var type when type == typeof(DateTime) => await column.ReadAsync<DateTime>(),
            var type => [.. Enumerable.Repeat($"({type.Name})", checked((int)group.RowCount))],
        };
    }

    private sealed record ColumnText(ParquetRowGroupReader Group, DataField Field, CancellationToken Stop)
    {
        internal async Task<string[]> ReadAsync<T>()
            where T : struct
        {
            var count = checked((int)Group.GetMetadata(Field)!.MetaData!.NumValues);     // every column of a file that opens has them
            var values = new T[count];
            var definitions = Field.MaxDefinitionLevel > 0 ? new int[count] : null;
            var repetitions = Field.MaxRepetitionLevel > 0 ? new int[count] : null;
            await Group.ReadRawAsync<T>(Field, values, Levels(definitions), Levels(repetitions), Stop);
            return Rows(values, definitions, repetitions);
        }

        /// <summary>No memory is not the same as memory of length 0, which null alone would become.</summary>
        private static Memory<int>? Levels(int[]? levels) => levels is null ? null : (Memory<int>?)levels;

        /// <summary>Values lie packed; levels say where a row begins and where a null or an empty list stands.</summary>
        private string[] Rows<T>(T[] values, int[]? definitions, int[]? repetitions)
        {
            var rows = new List<List<string>>();
            var next = 0;
            for (var slot = 0; slot < values.Length; slot++)
            {
                if (repetitions is null || repetitions[slot] == 0)
                    rows.Add([]);
                if (definitions is null || definitions[slot] == Field.MaxDefinitionLevel)
                    rows[^1].Add(Text(values[next++]));
                else if (repetitions is null)
                    rows[^1].Add("null");
            }

            return [.. rows.Select(row => repetitions is null ? row[0] : List(row))];
        }

        private static string List(List<string> row) =>
            $"[{string.Join(", ", row.Take(ValuesShown))}{(row.Count > ValuesShown ? $", … {row.Count} values" : "")}]";

        private static string Text<T>(T value) => value switch
        {
            float number => $"{number:G4}",
            double number => $"{number:G4}",
            DateTime time => $"{time:yyyy-MM-dd HH:mm:ss}",
            ReadOnlyMemory<byte> bytes => $"{bytes.Length} bytes",
            _ => $"{value}",
        };
    }
}
