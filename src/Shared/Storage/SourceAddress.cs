namespace LznPipeline.Shared.Storage;

/// <summary>Where a request says that something lies: a path that the jobs can read, or <c>blob:NAME</c> for what lies in the container.</summary>
public static class SourceAddress
{
    public const string BlobPrefix = "blob:";

    /// <summary>The blob's name, or null when the address is a path.</summary>
    public static string? BlobOf(string address) => address.StartsWith(BlobPrefix, StringComparison.Ordinal) ? address[BlobPrefix.Length..] : null;
}
