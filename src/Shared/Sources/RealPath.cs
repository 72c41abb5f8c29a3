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
        return Follow(Path.GetFullPath(path));

        // Within a link's target, dots mean the folder that was come to, and not the one that is written.
        string? Follow(string absolute)
        {
            var real = Path.GetPathRoot(absolute)!;      // an absolute path has one
            foreach (var part in absolute[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            {
                var file = new FileInfo(Path.Combine(real, part));
                if (part is "." or "..")
                    real = part is ".." ? Path.GetDirectoryName(real) ?? real : real;
                else if (file.LinkTarget is not { } target)
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
