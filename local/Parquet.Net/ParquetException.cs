namespace Parquet;

/// <summary>A file that contradicts the format or itself, or that needs something which is not here.</summary>
public class ParquetException : Exception
{
    public ParquetException() { }

    public ParquetException(string message) : base(message) { }

    public ParquetException(string message, Exception innerException) : base(message, innerException) { }
}
