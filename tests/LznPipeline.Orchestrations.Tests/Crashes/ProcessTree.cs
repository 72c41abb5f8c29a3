using System.Globalization;
using LznPipeline.Orchestrations.Tests.FakeJobs;

namespace LznPipeline.Orchestrations.Tests.Crashes;

/// <summary>Processes of this machine, as the system's process files tell of them.</summary>
internal static class ProcessTree
{
    /// <summary>Children of a process, their children, and so on.</summary>
    internal static IEnumerable<Seen> Below(int parent)
    {
        var all = All();
        var found = new HashSet<int> { parent };
        while (all.Where(process => found.Contains(process.Parent) && found.Add(process.Id)).ToList() is { Count: > 0 })
        {
            // Once more, for the children of those that were just found.
        }

        return all.Where(process => process.Id != parent && found.Contains(process.Id));
    }

    /// <summary>Fake GPU jobs that work on a storage, whoever started them.</summary>
    internal static IEnumerable<int> Jobs(Uri blobs) =>
        All()
            .Where(process => process.Command.Contains(typeof(FakeGpuJob).Assembly.GetName().Name!, StringComparison.Ordinal)
                && process.Command.Contains("--attempt", StringComparison.Ordinal)
                && process.Environment.Contains(blobs.Authority, StringComparison.Ordinal))
            .Select(process => process.Id);

    private static List<Seen> All() =>
        [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Read(id) : null).OfType<Seen>()];

    private static Seen? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
            return new Seen(
                id,
                int.Parse(parent, CultureInfo.InvariantCulture),
                File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' '),
                File.ReadAllText($"/proc/{id}/environ"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal sealed record Seen(int Id, int Parent, string Command, string Environment);
}
