using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace Lzn.Durable.InMemory;

/// <summary>An answer of the storage in memory.</summary>
internal sealed class MemoryResponse : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private Stream? _content;

    public MemoryResponse(int status, byte[]? body = null, string type = "application/octet-stream")
    {
        Status = status;
        _content = new MemoryStream(body ?? []);
        Set("Content-Length", $"{body?.Length ?? 0}");
        if (body is not null)
            Set("Content-Type", type);
    }

    public override int Status { get; }

    public override string ReasonPhrase => "";

    public override Stream? ContentStream
    {
        get => _content;
        set => _content = value;
    }

    public override string ClientRequestId { get; set; } = "";

    /// <summary>A refusal, in the service's own words.</summary>
    public static MemoryResponse Error(int status, string code) =>
        Xml(status, $"<Error><Code>{code}</Code><Message>{code}</Message></Error>").Set("x-ms-error-code", code);

    public static MemoryResponse Xml(int status, string xml) => new(status, Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="utf-8"?>{xml}"""), "application/xml");

    public MemoryResponse Set(string name, string value)
    {
        _headers[name] = value;
        return this;
    }

    public override void Dispose() => _content?.Dispose();

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
