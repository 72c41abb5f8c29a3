namespace Parquet.Schema;

/// <summary>A column of decimals: INT32 up to 9 digits, INT64 up to 18, fixed bytes above or when forced.</summary>
public class DecimalDataField : DataField
{
    /// <param name="precision">Digits in all, at least 1; a .NET decimal holds 28.</param>
    /// <param name="scale">Digits after the point, 0 to <paramref name="precision"/>.</param>
    public DecimalDataField(
        string name, int precision, int scale = 0, bool forceByteArrayEncoding = false, bool? isNullable = null, bool? isArray = null, string? propertyName = null, Type? clrType = null)
        : base(name, clrType ?? typeof(decimal), isNullable, isArray, propertyName)
    {
        if (precision < 1) throw new ArgumentException($"Decimal column '{name}': precision is {precision}. Allowed: 1 or more.", nameof(precision));
        if (scale < 0 || scale > precision) throw new ArgumentException($"Decimal column '{name}': scale is {scale}. Allowed: 0 to the precision, {precision}.", nameof(scale));
        Precision = precision;
        Scale = scale;
        ForceByteArrayEncoding = forceByteArrayEncoding;
    }

    public int Precision { get; }

    public int Scale { get; }

    public bool ForceByteArrayEncoding { get; }
}
