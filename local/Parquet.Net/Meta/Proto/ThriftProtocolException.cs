namespace Parquet.Meta.Proto;

/// <summary>Metadata that is not valid Thrift compact protocol, or lacks what the format requires.</summary>
public class ThriftProtocolException : Exception
{
    public ThriftProtocolException(string message) : base(message) { }

    public ThriftProtocolException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The data ended too early: reading more of it may help.</summary>
    internal bool IsCutShort { get; init; }
}
