using System.Text;
using Parquet.Schema;

namespace Parquet.Tests.Tables;

/// <summary>A table drawn from a seed: columns of all kinds, codecs, hints, row groups of all sizes.</summary>
internal sealed class RandomTable
{
    private static readonly CompressionMethod[] Methods = [CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Brotli, CompressionMethod.Zstd];
    private static readonly int[] GroupSizes = [0, 1, 2, 7, 8, 9, 100, 1000, 5000];

    private readonly Random _random;
    private readonly int _rows;

    /// <param name="splitIntegers">False keeps BYTE_STREAM_SPLIT to floats and doubles: newer than many readers, DuckDB among them.</param>
    internal RandomTable(int seed, bool splitIntegers = true)
    {
        _random = new Random(seed);
        RowGroups = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => GroupSizes[_random.Next(GroupSizes.Length)])];
        _rows = RowGroups.Sum();
        Columns = [.. Enumerable.Range(0, _random.Next(1, 12)).Select(Column)];
        Schema = new ParquetSchema(Columns.Select(column => column.Field));
        Options = new ParquetOptions { CompressionMethod = Methods[_random.Next(Methods.Length)] };
        foreach (var leaf in Columns.Select(column => column.Leaf))
        {
            var hint = (EncodingHint)_random.Next(4);
            var splits = splitIntegers || leaf.ClrType == typeof(float) || leaf.ClrType == typeof(double);
            if (hint != EncodingHint.ByteSplitStream || splits) Options.ColumnEncodingHints[leaf.Path.ToString()] = hint;
        }
    }

    internal int[] RowGroups { get; }

    internal TestColumn[] Columns { get; }

    internal ParquetSchema Schema { get; }

    internal ParquetOptions Options { get; }

    /// <summary>Row, then column.</summary>
    internal object?[][] Rows()
    {
        var cells = Columns.Select(column => column.Cells).ToArray();
        return [.. Enumerable.Range(0, _rows).Select(row => cells.Select(column => column[row]).ToArray())];
    }

    internal async Task WriteAsync(Stream file)
    {
        await using var writer = await ParquetWriter.CreateAsync(Schema, file, Options);
        var start = 0;
        foreach (var size in RowGroups)
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in Columns) await column.WriteAsync(group, start..(start + size));
            group.CompleteValidate();
            start += size;
        }
    }

    private TestColumn Column(int index)
    {
        var name = $"c{index}";
        var nullable = _random.Next(2) == 0;
        return _random.Next(17) switch
        {
            0 => Flat(new DataField<bool>(name, nullable), r => r.Next(2) == 0),
            1 => Flat(new DataField<sbyte>(name, nullable), r => (sbyte)r.Next(-128, 128)),
            2 => Flat(new DataField<ushort>(name, nullable), r => (ushort)r.Next(65536)),
            3 => Flat(new DataField<int>(name, nullable), Int),
            4 => Flat(new DataField<uint>(name, nullable), r => (uint)Int(r)),
            5 => Flat(new DataField<long>(name, nullable), Long),
            6 => Flat(new DataField<ulong>(name, nullable), r => (ulong)Long(r)),
            7 => Flat(new DataField<float>(name, nullable), Float),
            8 => Flat(new DataField<double>(name, nullable), r => BitConverter.Int64BitsToDouble(Long(r)) is var value && double.IsNaN(value) ? double.NaN : value),
            9 => Flat(new DecimalDataField(name, 9 * _random.Next(1, 4), 4, isNullable: nullable), r => r.Next(-99_999_999, 99_999_999) / 10_000m),
            10 => Flat(new DateTimeDataField(name, (DateTimeFormat)_random.Next(5), unit: (DateTimeTimeUnit)_random.Next(3), isNullable: nullable), null),
            11 => Flat(new DataField<Guid>(name, nullable), r => new Guid(Bytes(r, 16))),
            12 => new TextColumn(new DataField<string>(name, nullable), Draw(nullable, Text)),
            13 => new BytesColumn(new DataField<byte[]>(name, nullable), Draw(nullable, r => Bytes(r, r.Next(20)))),
            14 => List(name, new DataField<float>("element", nullable), Float, value => value),
            15 => List(name, new DataField<long>("element", nullable), Long, value => value),
            _ => List(name, new DataField<string>("element", nullable), r => Text(r).AsMemory(), value => value.ToString()),
        };
    }

    private FlatColumn<T> Flat<T>(DataField field, Func<Random, T> draw) where T : struct => new(field, DrawValues(field.IsNullable, draw));

    private FlatColumn<DateTime> Flat(DateTimeDataField field, object? _)
    {
        // Whole milliseconds, or days, survive every format; the year range is that of nanoseconds.
        var (unit, kind) = (field.DateTimeFormat == DateTimeFormat.Date ? 86_400_000L : 1, field.DateTimeFormat == DateTimeFormat.Impala ? DateTimeKind.Unspecified : DateTimeKind.Utc);
        return new(field, DrawValues(field.IsNullable, r => DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(r.NextInt64(-9_000_000_000_000, 9_000_000_000_000) / unit * unit), kind)));
    }

    private ListColumn<T> List<T>(string name, DataField item, Func<Random, T> draw, Func<T, object> toCell) where T : struct
    {
        var longest = _random.Next(3) == 0 ? 300 : 5;
        var lists = new T?[]?[_rows];
        for (var row = 0; row < _rows; row++)
        {
            if (_random.Next(10) == 0) continue;
            var list = new T?[_random.Next(longest)];
            for (var i = 0; i < list.Length; i++) list[i] = item.IsNullable && _random.Next(5) == 0 ? null : draw(_random);
            lists[row] = list;
        }
        return new(name, item, lists, toCell);
    }

    private T?[] DrawValues<T>(bool nullable, Func<Random, T> draw) where T : struct
    {
        var nulls = _random.Next(4) switch { 0 => 0, 1 => 1, 2 => 0.99, _ => 0.3 };
        var values = new T?[_rows];
        for (var i = 0; i < _rows; i++) values[i] = nullable && _random.NextDouble() < nulls ? null : draw(_random);
        return values;
    }

    private T?[] Draw<T>(bool nullable, Func<Random, T> draw) where T : class
    {
        var values = new T?[_rows];
        for (var i = 0; i < _rows; i++) values[i] = nullable && _random.Next(3) == 0 ? null : draw(_random);
        return values;
    }

    private static int Int(Random random) => random.Next(4) switch { 0 => int.MinValue, 1 => int.MaxValue, 2 => random.Next(100), _ => random.Next() };

    private static long Long(Random random) => random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => random.Next(100), _ => random.NextInt64() };

    private static float Float(Random random) => random.Next(10) switch
    {
        0 => float.NaN,
        1 => float.NegativeInfinity,
        2 => -0f,
        3 => float.Epsilon,
        _ => random.NextSingle() - 0.5f,
    };

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(12); i > 0; i--) text.Append(random.Next(20) switch { 0 => "\U0001F600", 1 => "é", 2 => "\0", _ => ((char)random.Next('a', 'f')).ToString() });
        return text.ToString();
    }
}
