namespace LznPipeline.Shared.Sources;

/// <summary>Where a path leads.</summary>
public static class RealPath
{
    /// <summary>As many links as Linux follows before it takes them for a circle.</summary>
    private const int MaxLinks = 40;

    /// <returns>The absolute path without a link in it, whether or not something is there; null where its links form a circle.</returns>
    public static string? Of(string path)
    {
        var links = 0;
        return Follow(path);

        string? Follow(string next)
        {
            var full = Path.GetFullPath(next);
            var real = Path.GetPathRoot(full)!;      // a full path has one
            foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            {
                var file = new FileInfo(Path.Combine(real, part));
                if (file.LinkTarget is not { } target)
                    real = file.FullName;
                else if (++links > MaxLinks || Follow(Path.Combine(real, target)) is not { } followed)
                    return null;
                else
                    real = followed;
            }

            return real;
        }
    }
}
