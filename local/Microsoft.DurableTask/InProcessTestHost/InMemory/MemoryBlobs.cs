using System.Globalization;
using System.Xml.Linq;

namespace Lzn.Durable.InMemory;

/// <summary>The blob service: containers, block and append blobs, conditions, leases, listings.</summary>
internal sealed class MemoryBlobs(TimeProvider clock)
{
    private readonly Dictionary<string, SortedDictionary<string, MemoryBlob>> _containers = [];
    private long _version;

    public MemoryResponse Answer(MemoryRequest request)
    {
        var name = request.Path[1];
        if (request.Query("restype") == "container" && request.Query("comp") is null)
            return AnswerContainer(request, name);
        if (!_containers.TryGetValue(name, out var blobs))
            return MemoryResponse.Error(404, "ContainerNotFound");
        return request.Query("comp") == "list" ? List(request, blobs) : AnswerBlob(request, blobs, request.Path[2]);
    }

    private MemoryResponse AnswerContainer(MemoryRequest request, string name) => request.Method switch
    {
        "PUT" => _containers.TryAdd(name, new SortedDictionary<string, MemoryBlob>(StringComparer.Ordinal)) ? Stamped(201) : MemoryResponse.Error(409, "ContainerAlreadyExists"),
        "DELETE" => _containers.Remove(name) ? new MemoryResponse(202) : MemoryResponse.Error(404, "ContainerNotFound"),
        _ => _containers.ContainsKey(name) ? Stamped(200) : MemoryResponse.Error(404, "ContainerNotFound"),
    };

    private MemoryResponse AnswerBlob(MemoryRequest request, SortedDictionary<string, MemoryBlob> blobs, string name)
    {
        var blob = blobs.GetValueOrDefault(name);
        if (request.Method is "GET" or "HEAD")
            return blob is null ? MemoryResponse.Error(404, "BlobNotFound") : request.Method == "GET" ? Read(request, blob) : Describe(new MemoryResponse(200), blob).Set("Content-Length", $"{blob.Length}");
        if (request.Query("comp") == "lease")
            return blob is null ? MemoryResponse.Error(404, "BlobNotFound") : Lease(request, blob);
        if (Refusal(request, blob) is var (status, code))
            return MemoryResponse.Error(status, code);
        if (request.Method == "PUT" && request.Query("comp") is null)
            return Put(request, blobs, name, blob);
        return (blob, request.Method, request.Query("comp")) switch
        {
            (null, _, _) => MemoryResponse.Error(404, "BlobNotFound"),
            (_, "DELETE", _) => Delete(blobs, name),
            (_, _, "metadata") => SetMetadata(request, blob),
            (_, _, "appendblock") => Append(request, blob),
            _ => throw new NotSupportedException($"The storage in memory has no {request.Method} with comp={request.Query("comp")}."),
        };
    }

    /// <summary>Conditions and leases, for every write.</summary>
    private (int Status, string Code)? Refusal(MemoryRequest request, MemoryBlob? blob)
    {
        if (blob is not null && request.Header("If-None-Match") == "*")
            return (409, "BlobAlreadyExists");
        if (request.Header("If-Match") is { } expected && expected != blob?.Tag)
            return blob is null && request.Method == "DELETE" ? (404, "BlobNotFound") : (412, "ConditionNotMet");
        return blob?.Lease.Admits(request.Header("x-ms-lease-id"), clock.GetUtcNow()) == false ? (412, "LeaseIdMissing") : null;
    }

    private MemoryResponse Put(MemoryRequest request, SortedDictionary<string, MemoryBlob> blobs, string name, MemoryBlob? replaced)
    {
        var blob = new MemoryBlob(request.Header("x-ms-blob-type") == "AppendBlob", clock.GetUtcNow()) { Metadata = request.Metadata(), Lease = replaced?.Lease ?? new MemoryLease() };
        blob.Append(request.Body);
        blobs[name] = blob;
        return Changed(blob, 201);
    }

    private MemoryResponse SetMetadata(MemoryRequest request, MemoryBlob blob)
    {
        blob.Metadata = request.Metadata();
        return Changed(blob, 200);
    }

    private MemoryResponse Append(MemoryRequest request, MemoryBlob blob)
    {
        if (request.Header("x-ms-blob-condition-appendpos") is { } expected && long.Parse(expected, CultureInfo.InvariantCulture) != blob.Length)
            return MemoryResponse.Error(412, "AppendPositionConditionNotMet");
        var offset = blob.Length;
        blob.Append(request.Body);
        return Changed(blob, 201).Set("x-ms-blob-append-offset", $"{offset}").Set("x-ms-blob-committed-block-count", "1");
    }

    private static MemoryResponse Delete(SortedDictionary<string, MemoryBlob> blobs, string name)
    {
        blobs.Remove(name);
        return new MemoryResponse(202);
    }

    private MemoryResponse Read(MemoryRequest request, MemoryBlob blob)
    {
        var (from, to) = (0L, blob.Length);
        var range = request.Header("x-ms-range") ?? request.Header("Range");
        if (range is not null)
        {
            var ends = range["bytes=".Length..].Split('-');
            from = long.Parse(ends[0], CultureInfo.InvariantCulture);
            to = ends[1].Length > 0 ? Math.Min(to, long.Parse(ends[1], CultureInfo.InvariantCulture) + 1) : to;
            if (from >= blob.Length)
                return MemoryResponse.Error(416, "InvalidRange");
        }

        var response = Describe(new MemoryResponse(range is null ? 200 : 206, blob.Read(from, to - from)), blob);
        return range is null ? response : response.Set("Content-Range", $"bytes {from}-{to - 1}/{blob.Length}");
    }

    private MemoryResponse Lease(MemoryRequest request, MemoryBlob blob)
    {
        var now = clock.GetUtcNow();
        var id = request.Header("x-ms-lease-id") ?? "";
        switch (request.Header("x-ms-lease-action"))
        {
            case "acquire":
                var seconds = int.Parse(request.Header("x-ms-lease-duration") ?? "-1", CultureInfo.InvariantCulture);
                var acquired = blob.Lease.Acquire(request.Header("x-ms-proposed-lease-id"), seconds < 0 ? null : TimeSpan.FromSeconds(seconds), now);
                return acquired is null ? MemoryResponse.Error(409, "LeaseAlreadyPresent") : Describe(new MemoryResponse(201), blob).Set("x-ms-lease-id", acquired);
            case "renew":
                return blob.Lease.TryRenew(id, now) ? Describe(new MemoryResponse(200), blob).Set("x-ms-lease-id", id) : MemoryResponse.Error(409, "LeaseIdMismatchWithLeaseOperation");
            case "release":
                return blob.Lease.TryRelease(id) ? Describe(new MemoryResponse(200), blob) : MemoryResponse.Error(409, "LeaseIdMismatchWithLeaseOperation");
            default:
                blob.Lease.Break();
                return Describe(new MemoryResponse(202), blob).Set("x-ms-lease-time", "0");
        }
    }

    private static MemoryResponse List(MemoryRequest request, SortedDictionary<string, MemoryBlob> blobs)
    {
        var most = request.QueryNumber("maxresults") ?? 5000;
        var prefix = request.Query("prefix") ?? "";
        var found = blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(blob.Key, request.Query("marker") ?? "") >= 0).Take(most + 1).ToList();
        var result = new XElement(
            "EnumerationResults",
            new XElement("Blobs", found.Take(most).Select(blob => Entry(blob.Key, blob.Value))),
            new XElement("NextMarker", found.Count > most ? found[^1].Key : ""));
        return MemoryResponse.Xml(200, result.ToString(SaveOptions.DisableFormatting));
    }

    private static XElement Entry(string name, MemoryBlob blob) => new(
        "Blob",
        new XElement("Name", name),
        new XElement(
            "Properties",
            new XElement("Last-Modified", blob.Modified.ToString("r", CultureInfo.InvariantCulture)),
            new XElement("Etag", blob.Tag),
            new XElement("Content-Length", blob.Length),
            new XElement("BlobType", blob.Type)),
        new XElement("Metadata", blob.Metadata.Select(pair => new XElement(pair.Key, pair.Value))));

    private MemoryResponse Changed(MemoryBlob blob, int status)
    {
        blob.Changed($"\"0x{++_version:X}\"", clock.GetUtcNow());
        return Describe(new MemoryResponse(status), blob);
    }

    private MemoryResponse Describe(MemoryResponse response, MemoryBlob blob)
    {
        response.Set("ETag", blob.Tag).Set("Last-Modified", blob.Modified.ToString("r", CultureInfo.InvariantCulture)).Set("x-ms-blob-type", blob.Type);
        var state = blob.Lease.State(clock.GetUtcNow());
        response.Set("x-ms-lease-state", state).Set("x-ms-lease-status", state == "leased" ? "locked" : "unlocked");
        foreach (var (key, value) in blob.Metadata)
            response.Set($"x-ms-meta-{key}", value);
        return response;
    }

    private MemoryResponse Stamped(int status) => new MemoryResponse(status).Set("ETag", $"\"0x{++_version:X}\"").Set("Last-Modified", clock.GetUtcNow().ToString("r", CultureInfo.InvariantCulture));
}
