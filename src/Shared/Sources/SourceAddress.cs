using LznPipeline.Shared.Options;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Shared.Sources;

/// <summary>Where a request says that something lies: a path that the jobs can read, or <c>blob:NAME</c> for what lies in the container.</summary>
public static class SourceAddress
{
    public const string BlobPrefix = "blob:";

    /// <summary>The blob's name, or null when the address is a path.</summary>
    public static string? BlobOf(string address) => address.StartsWith(BlobPrefix, StringComparison.Ordinal) ? address[BlobPrefix.Length..] : null;

    /// <summary>Opens the file at an address. Only regular files are opened: a device or a pipe could be read, or waited for, without end.</summary>
    /// <param name="store">What has the blobs; null where there are paths alone.</param>
    /// <returns>A <see cref="FileStream"/> where the file lies on this machine.</returns>
    /// <exception cref="FileNotFoundException">There is no such file or blob.</exception>
    /// <exception cref="InvalidDataException">It has no length: it is empty, or no regular file.</exception>
    public static async Task<Stream> OpenReadAsync(string address, ArtifactStore? store, CancellationToken stop) =>
        store is not null && BlobOf(address) is { } blob
            ? await store.OpenReadAsync(blob, stop)
            : new FileInfo(address) switch
            {
                { Exists: false } => throw new FileNotFoundException($"There is no file '{address}'.", address),
                { Length: 0 } => throw new InvalidDataException($"'{address}' is empty, or no regular file. Allowed: files with content."),
                var file => file.OpenRead(),
            };

    /// <param name="allowed">What the field may be, for the error.</param>
    internal static void Validate(Problems problems, string field, string address, string allowed)
    {
        if (BlobOf(address) is { } blob)
            problems.Unless(BlobName.IsPlain(blob), field, address, BlobPrefix + "NAME, where NAME is " + BlobName.Plain);
        else
            problems.Unless(!string.IsNullOrWhiteSpace(address) && !address.Any(char.IsControl), field, address, allowed);
    }
}
