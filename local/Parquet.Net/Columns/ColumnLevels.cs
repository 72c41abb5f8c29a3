using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>The levels of a column chunk that is being written, checked against each other and against the number of values.</summary>
internal readonly struct ColumnLevels
{
    private readonly DataField _field;
    private readonly ReadOnlyMemory<int> _definition;
    private readonly ReadOnlyMemory<int> _repetition;

    /// <param name="definition">Empty for a required flat column.</param>
    /// <param name="repetition">Empty for a flat column.</param>
    /// <param name="valueCount">Values that are there.</param>
    internal ColumnLevels(DataField field, int valueCount, ReadOnlyMemory<int> definition, ReadOnlyMemory<int> repetition)
    {
        (_field, _definition, _repetition) = (field, definition, repetition);
        Count = HasDefinitions ? definition.Length : valueCount;
        CheckRange(definition.Span, field.MaxDefinitionLevel, nameof(definition));
        CheckRange(repetition.Span, field.MaxRepetitionLevel, nameof(repetition));
        var defined = DefinedIn(0, Count);
        if (defined != valueCount)
            throw new ArgumentException($"Column '{field.Path}': {defined} definition levels say that a value is there (level {field.MaxDefinitionLevel}), but {valueCount} values are given.", nameof(definition));
        if (!HasRepetitions) return;
        if (repetition.Length != Count) throw new ArgumentException($"Column '{field.Path}': {repetition.Length} repetition levels for {Count} definition levels; there is one of each for each slot.", nameof(repetition));
        if (Count > 0 && repetition.Span[0] != 0) throw new ArgumentException($"Column '{field.Path}': the first repetition level is {repetition.Span[0]}. It must be 0, which starts a row.", nameof(repetition));
    }

    /// <summary>Slots: values, nulls and empty lists.</summary>
    internal int Count { get; }

    internal bool HasDefinitions => _field.MaxDefinitionLevel > 0;

    internal bool HasRepetitions => _field.MaxRepetitionLevel > 0;

    internal int RowCount => HasRepetitions ? _repetition.Span.Count(0) : Count;

    internal ReadOnlySpan<int> Definition(int start, int count) => _definition.Span.Slice(start, count);

    internal ReadOnlySpan<int> Repetition(int start, int count) => _repetition.Span.Slice(start, count);

    internal int DefinedIn(int start, int count) => HasDefinitions ? Definition(start, count).Count(_field.MaxDefinitionLevel) : count;

    /// <summary>Slots of a page that starts at <paramref name="start"/> and holds about so many values; it ends where a row ends.</summary>
    internal int PageLength(int start, int values, int longest)
    {
        var rest = Count - start;
        var length = Math.Min(rest, HasDefinitions ? longest : Math.Min(values, longest));
        if (HasDefinitions)
        {
            // As many slots as values first; the nulls among them leave room for more.
            var page = Math.Min(length, Math.Max(values, 1));
            for (var missing = values - DefinedIn(start, page); page < length && (missing > 0 || values == 0); missing = values - DefinedIn(start, page))
                page = values == 0 ? length : Math.Min(length, page + missing);
            length = page;
        }
        if (!HasRepetitions || length == rest) return length;
        var levels = _repetition.Span[(start + 1)..];
        var rowStart = levels[..length].LastIndexOf(0);
        if (rowStart < 0) rowStart = levels.IndexOf(0);   // a row longer than a page
        return rowStart < 0 ? rest : rowStart + 1;
    }

    private void CheckRange(ReadOnlySpan<int> levels, int max, string kind)
    {
        var bad = levels.IndexOfAnyExceptInRange(0, max);
        if (bad >= 0) throw new ArgumentException($"Column '{_field.Path}': {kind} level {levels[bad]} in slot {bad}. Allowed: 0 to {max}.", kind);
    }
}
