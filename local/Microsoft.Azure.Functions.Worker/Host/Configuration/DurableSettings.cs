using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Lzn.Functions.Configuration;

/// <summary>The part <c>extensions.durableTask</c> of host.json.</summary>
internal sealed record DurableSettings
{
    /// <summary>3 to 45 letters and digits, a letter first.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>App setting that holds the storage connection of the task hub.</summary>
    public string ConnectionName { get; init; } = "AzureWebJobsStorage";

    public int? PartitionCount { get; init; }

    public int? MaxConcurrentActivityFunctions { get; init; }

    public int? MaxConcurrentOrchestratorFunctions { get; init; }

    /// <summary>True when starting an instance may replace one that still runs.</summary>
    public bool AnyStateIsOverridable { get; init; }

    public static DurableSettings Read(IConfiguration section, IConfiguration app, ICollection<string> problems)
    {
        var standard = new DurableSettings();
        var hub = AppSetting.Resolve(app, section["hubName"] ?? app["WEBSITE_SITE_NAME"] ?? standard.HubName, "host.json: extensions.durableTask.hubName", problems);
        if (hub is not null && !IsHubName(hub))
            problems.Add($"host.json: extensions.durableTask.hubName is '{hub}'. Allowed: 3 to 45 letters and digits, a letter first.");
        if (section["storageProvider:type"] is { } type && !string.Equals(type, "AzureStorage", StringComparison.OrdinalIgnoreCase))
            problems.Add($"host.json: extensions.durableTask.storageProvider.type is '{type}'. Allowed: AzureStorage.");
        var states = section["overridableExistingInstanceStates"];
        if (states is not null and not "NonRunningStates" and not "AnyState")
            problems.Add($"host.json: extensions.durableTask.overridableExistingInstanceStates is '{states}'. Allowed: NonRunningStates, AnyState.");
        return new()
        {
            HubName = hub ?? standard.HubName,
            ConnectionName = section["storageProvider:connectionName"] ?? standard.ConnectionName,
            PartitionCount = Count(section, "storageProvider:partitionCount", problems),
            MaxConcurrentActivityFunctions = Count(section, "maxConcurrentActivityFunctions", problems),
            MaxConcurrentOrchestratorFunctions = Count(section, "maxConcurrentOrchestratorFunctions", problems),
            AnyStateIsOverridable = states == "AnyState",
        };
    }

    private static bool IsHubName(string name) => name.Length is >= 3 and <= 45 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);

    private static int? Count(IConfiguration section, string key, ICollection<string> problems)
    {
        if (section[key] is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            return count;
        problems.Add($"host.json: extensions.durableTask.{key.Replace(':', '.')} is '{text}'. Allowed: a number above 0.");
        return null;
    }
}
