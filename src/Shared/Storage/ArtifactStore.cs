using System.Text.Json;

namespace LznPipeline.Shared.Storage;

/// <summary>The container in which everything lies: blobs with the three ways to write them that the pipeline is built on.</summary>
/// <remarks>
/// <see cref="CreateAsync"/> makes a blob that nobody else has made (If-None-Match), <see cref="ReplaceAsync"/> moves a cell that nobody has
/// moved since (If-Match), <see cref="WriteAsync"/> overwrites what only its writer owns. Readers never see half a blob.
/// </remarks>
public abstract class ArtifactStore
{
    /// <summary>Makes the container if it is not there, and thereby sure that storage answers.</summary>
    /// <exception cref="StoreUnavailableException">Nothing answers there.</exception>
    public virtual Task EnsureAsync(CancellationToken stop) => Task.CompletedTask;

    /// <summary>Content and ETag of a small blob, or null.</summary>
    public abstract Task<StoredContent?> FindAsync(string name, CancellationToken stop);

    /// <summary>Length in bytes, or null when there is no such blob.</summary>
    public abstract Task<long?> LengthAsync(string name, CancellationToken stop);

    /// <summary>Opens a blob for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    public abstract Task<Stream> OpenReadAsync(string name, CancellationToken stop);

    /// <summary>Path of a blob that is a file of this machine, so that parts of it can be read in any order; null where blobs are no files.</summary>
    public virtual string? FileOf(string name) => null;

    /// <summary>Makes a new blob. False, with nothing written, when one of that name is there already.</summary>
    public abstract Task<bool> CreateAsync(string name, Stream content, CancellationToken stop);

    /// <summary>Replaces a blob if it still has <paramref name="etag"/>; a null ETag means that it must not be there yet.</summary>
    /// <returns>The new ETag, or null, with nothing written, when somebody else was faster.</returns>
    public abstract Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop);

    /// <summary>Writes a blob whether or not it is there.</summary>
    public abstract Task WriteAsync(string name, Stream content, CancellationToken stop);

    /// <summary>Adds to the end of a log, making it if needed.</summary>
    public abstract Task AppendAsync(string name, BinaryData content, CancellationToken stop);

    /// <summary>Copies a blob within the container if the target is not there. False when it is.</summary>
    public abstract Task<bool> CopyAsync(string from, string to, CancellationToken stop);

    /// <summary>Names below a prefix, in ordinal order.</summary>
    public abstract IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken stop);

    /// <summary>Deletes a blob; nothing happens when there is none.</summary>
    public abstract Task DeleteAsync(string name, CancellationToken stop);

    /// <summary>The JSON content of a blob, or null when there is none.</summary>
    /// <exception cref="InvalidDataException">The blob is not what its name promises.</exception>
    public async Task<T?> FindJsonAsync<T>(string name, CancellationToken stop)
        where T : class => (await FindCellAsync<T>(name, stop))?.Value;

    /// <summary>The JSON content of a blob that must be there.</summary>
    public async Task<T> ReadJsonAsync<T>(string name, CancellationToken stop)
        where T : class => await FindJsonAsync<T>(name, stop) ?? throw new FileNotFoundException($"There is no blob '{name}'.", name);

    /// <summary>The JSON content of a blob with the ETag to replace it by, or null.</summary>
    public async Task<Cell<T>?> FindCellAsync<T>(string name, CancellationToken stop)
        where T : class
    {
        if (await FindAsync(name, stop) is not { } found)
            return null;
        try
        {
            var value = found.Content.ToObjectFromJson<T>(LznJson.Options);
            return new Cell<T>(value ?? throw new InvalidDataException($"Blob '{name}' holds null."), found.ETag);
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"Blob '{name}' is not a {typeof(T).Name}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Makes a new JSON blob. False when one is there already.</summary>
    public async Task<bool> CreateJsonAsync<T>(string name, T value, CancellationToken stop)
    {
        using var content = Json(value).ToStream();
        return await CreateAsync(name, content, stop);
    }

    /// <summary>As <see cref="ReplaceAsync"/>, with a value written as JSON.</summary>
    public Task<string?> ReplaceJsonAsync<T>(string name, T value, string? etag, CancellationToken stop) => ReplaceAsync(name, Json(value), etag, stop);

    private static BinaryData Json<T>(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, LznJson.Readable));
}

public sealed record StoredContent(BinaryData Content, string ETag);

/// <summary>A small blob that is replaced as a whole, by its ETag.</summary>
public sealed record Cell<T>(T Value, string ETag);
