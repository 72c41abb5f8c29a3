using System.Text.Json;
using Lzn.Functions.Invocation;
using Microsoft.AspNetCore.Http;

namespace Lzn.Functions.Web;

/// <summary>Values of a request by name: route, then query, then headers, then members of a JSON body.</summary>
internal sealed class HttpNamedValues(HttpRequest request) : INamedValues
{
    private Dictionary<string, string?>? _body;

    public IReadOnlyDictionary<string, object?> Known
    {
        get
        {
            var known = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in request.Query)
                known[name] = values.ToString();
            foreach (var (name, value) in request.RouteValues)
                known[name] = value;
            return known;
        }
    }

    public async ValueTask<string?> FindAsync(string name, CancellationToken stop)
    {
        if (request.RouteValues.TryGetValue(name, out var route) && route is not null)
            return route.ToString();
        if (request.Query.TryGetValue(name, out var query))
            return query.ToString();
        if (request.Headers.TryGetValue(name, out var header))
            return header.ToString();
        _body ??= await ReadBodyAsync(stop).ConfigureAwait(false);
        return _body.GetValueOrDefault(name);
    }

    // The body stays readable for the function: it is buffered here and wound back.
    private async Task<Dictionary<string, string?>> ReadBodyAsync(CancellationToken stop)
    {
        var members = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!request.HasJsonContentType())
            return members;
        request.EnableBuffering();
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: stop).ConfigureAwait(false);
            if (body.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in body.RootElement.EnumerateObject())
                    members[member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText();
            }
        }
        catch (JsonException)
        {
            // A body that is not JSON after all has no members; the function reads it as it likes.
        }

        request.Body.Position = 0;
        return members;
    }
}
