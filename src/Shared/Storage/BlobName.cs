namespace LznPipeline.Shared.Storage;

/// <summary>Names that mean the same blob to everybody: URLs and paths take dots, empty segments and backslashes for something else.</summary>
public static class BlobName
{
    /// <summary>What a plain name is, for errors.</summary>
    public const string Plain = "1 to 1024 characters without control characters or backslashes; between slashes neither nothing, nor '.', nor '..'";

    private const int MaxLength = 1024;

    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.Any(letter => letter == '\\' || char.IsControl(letter))
        && name.Split('/').All(segment => segment is not ("" or "." or ".."));

    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">It is not plain, and could lead out of the container.</exception>
    internal static string Checked(string name) =>
        IsPlain(name) ? name : throw new ArgumentException($"'{name}' is no name of a blob. Allowed: {Plain}.", nameof(name));
}
