using System.Globalization;
using Azure.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Lzn.Durable.InMemory;

/// <summary>A request as the storage in memory reads it.</summary>
internal sealed class MemoryRequest(Request request, byte[] body)
{
    private readonly Dictionary<string, StringValues> _query = QueryHelpers.ParseQuery(request.Uri.Query);

    public string Method { get; } = request.Method.Method;

    /// <summary>Account, container or queue, and what is in it; unescaped.</summary>
    public IReadOnlyList<string> Path { get; } = [.. request.Uri.Path.Trim('/').Split('/', 3).Select(Uri.UnescapeDataString)];

    public byte[] Body { get; } = body;

    public string? Query(string name) => _query.TryGetValue(name, out var value) ? value.ToString() : null;

    public int? QueryNumber(string name) => Query(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public string? Header(string name) => request.Headers.TryGetValue(name, out var value) ? value : null;

    public Dictionary<string, string> Metadata() =>
        request.Headers.Where(header => header.Name.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase)).ToDictionary(header => header.Name["x-ms-meta-".Length..], header => header.Value);
}
