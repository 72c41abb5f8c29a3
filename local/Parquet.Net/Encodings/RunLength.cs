namespace Parquet.Encodings;

/// <summary>The format's mixture of runs of one value and bit-packed groups of eight: levels, dictionary numbers, booleans.</summary>
internal static class RunLength
{
    private const int Group = 8;

    /// <param name="width">Bits of a value, 0 to 32.</param>
    /// <param name="values">Filled whole; running out of data is an error.</param>
    internal static void Decode(ReadOnlySpan<byte> encoded, int width, Span<int> values)
    {
        if (width is < 0 or > 32) throw new ParquetException($"A page states a bit width of {width}. Allowed: 0 to 32. The file is corrupt.");
        var reader = new ByteReader(encoded);
        while (values.Length > 0)
        {
            var header = reader.TakeCount();
            var count = header >> 1;
            if (count == 0) throw new ParquetException("A page holds an empty run. The file is corrupt.");
            if ((header & 1) == 0)
            {
                count = Math.Min(count, values.Length);
                values[..count].Fill(TakeValue(ref reader, width));
            }
            else
            {
                // The last group may stop where its values stop: some writers do not pad it.
                var stored = (long)count * Group;
                count = (int)Math.Min(stored, values.Length);
                var size = Math.Min(stored * width / 8, Math.Max(reader.Rest.Length, BitPacking.SizeOf(count, width)));
                BitPacking.Unpack(reader.Take(size), width, values[..count]);
            }
            values = values[count..];
        }
    }

    internal static void Encode(ReadOnlySpan<int> values, int width, PooledBuffer output)
    {
        while (values.Length > 0)
        {
            var run = RunAt(values);
            if (run >= Group)
            {
                output.WriteVarint((ulong)run << 1);
                WriteValue(values[0], width, output);
                values = values[run..];
                continue;
            }
            var groups = GroupsBeforeRun(values);
            output.WriteVarint(((ulong)groups << 1) | 1);
            WriteGroups(values[..Math.Min(groups * Group, values.Length)], groups, width, output);
            values = values[Math.Min(groups * Group, values.Length)..];
        }
    }

    private static int GroupsBeforeRun(ReadOnlySpan<int> values)
    {
        var groups = 1;
        while (groups * Group < values.Length && RunAt(values[(groups * Group)..]) < Group) groups++;
        return groups;
    }

    private static int RunAt(ReadOnlySpan<int> values)
    {
        var end = values.IndexOfAnyExcept(values[0]);
        return end < 0 ? values.Length : end;
    }

    private static void WriteGroups(ReadOnlySpan<int> values, int groups, int width, PooledBuffer output)
    {
        Span<ulong> group = stackalloc ulong[Group];
        for (var g = 0; g < groups; g++)
        {
            group.Clear();
            var part = values[(g * Group)..Math.Min((g + 1) * Group, values.Length)];
            for (var i = 0; i < part.Length; i++) group[i] = (uint)part[i];
            BitPacking.Pack(group, width, output);
        }
    }

    private static int TakeValue(ref ByteReader reader, int width)
    {
        var value = 0u;
        var bytes = reader.Take((width + 7) / 8);
        for (var i = 0; i < bytes.Length; i++) value |= (uint)bytes[i] << (8 * i);
        return width == 32 || value < 1u << width ? (int)value : throw new ParquetException($"A run's value is {value}, which has more than {width} bits. The file is corrupt.");
    }

    private static void WriteValue(int value, int width, PooledBuffer output)
    {
        for (var bit = 0; bit < width; bit += 8) output.WriteByte((byte)(value >> bit));
    }
}
