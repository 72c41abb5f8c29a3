namespace Lzn.Functions.Timers;

/// <summary>Time zones by IANA or Windows name, on every system: .NET itself translates Windows names only with ICU, which this program does without.</summary>
internal static class TimeZones
{
    private static readonly Lazy<Dictionary<string, string>> Windows = new(ReadWindowsNames);

    /// <summary>Null when neither this system nor the table of Windows names knows it.</summary>
    public static TimeZoneInfo? Find(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
        || (Windows.Value.TryGetValue(id, out var iana) && TimeZoneInfo.TryFindSystemTimeZoneById(iana, out zone))
            ? zone
            : null;

    /// <summary>IANA names by Windows name, without regard to case.</summary>
    internal static Dictionary<string, string> ReadWindowsNames()
    {
        using var text = new StreamReader(typeof(TimeZones).Assembly.GetManifestResourceStream("windows-time-zones.txt")!); // embedded by the project
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
    }
}
