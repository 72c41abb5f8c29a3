namespace LznPipeline.Cli.Hosting;

/// <summary>Where things lie in the tree that this program was built from.</summary>
public static class Repository
{
    private const string Mark = "LznPipeline.sln";

    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Everything that local runs write; git ignores it.</summary>
    public static string State => Path.Combine(Root, ".lzn");

    public static string AzuriteFolder => Path.Combine(Root, "infra", "azurite");

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"'{from}' is not inside a clone of LznPipeline: none of its parents holds {Mark}. Run ./lzn of a clone.");
    }
}
