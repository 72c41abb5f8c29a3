using Azure.Core;

namespace Lzn.Durable;

/// <summary>Where a task hub lies and how hard a host works on it.</summary>
public sealed class AzureStorageDurableOptions
{
    /// <summary>A storage account's connection string; "UseDevelopmentStorage=true" is Azurite on its default ports. Either this or the two URIs.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>For example https://ACCOUNT.blob.core.windows.net, used with <see cref="Credential"/>.</summary>
    public Uri? BlobServiceUri { get; set; }

    /// <summary>For example https://ACCOUNT.queue.core.windows.net, used with <see cref="Credential"/>.</summary>
    public Uri? QueueServiceUri { get; set; }

    public TokenCredential? Credential { get; set; }

    /// <summary>3 to 45 letters and digits, the first a letter. Hosts and clients of one hub see the same instances.</summary>
    public string HubName { get; set; } = "TestHubName";

    /// <summary>Most hosts that can share the orchestrations of the hub, 1 to 16; fixed when the hub is created. Each partition costs idle polling.</summary>
    public int PartitionCount { get; set; } = 4;

    /// <summary>How long a dead host's partitions stay untaken, 15 to 60 s. A host that died on this machine is noticed at once.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The app whose tasks the hosts of the hub run. A host of another app does not start on the same hub.</summary>
    public string AppName { get; set; } = System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name ?? "";

    /// <summary>Longest pause between two looks into an idle queue. Messages from the same process are seen at once, whatever this is.</summary>
    public TimeSpan MaxPollingInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A message that waits in a queue for longer, or a partition that waits for a host, makes the hub unhealthy.</summary>
    public TimeSpan LongestHealthyWait { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often each host looks after the health of the hub.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most activities of a name that run at a time on one host, where that is fewer than of all; names without regard to case.</summary>
    public Dictionary<string, int> ActivityConcurrency { get; } = [];

    /// <summary>
    /// How long a host that falls silent keeps a shared activity from the others, 3 s to 7 days. Hosts that run one say so every third of it, however long it takes.
    /// </summary>
    public TimeSpan ActivityVisibilityTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a graceful stop waits for running activities; those that take longer run again elsewhere.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Last word on the storage clients' options: transport, retries, diagnostics, pipeline policies.</summary>
    public Action<ClientOptions>? ConfigureClients { get; set; }

    /// <summary>How long a message to an instance stays with a host that took it and fell silent.</summary>
    internal TimeSpan ControlVisibility { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a host looks through the marks of its instances for one whose wake-up was lost.</summary>
    internal TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a host prepares a partition for the next one. It is a courtesy: that one finds its way without, but may run activities again.</summary>
    internal TimeSpan LongestHandOver { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Storage in memory takes shorter leases than the service.</summary>
    internal TimeSpan ShortestLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The time that orchestrations see: when timers fire, when instances were created. Tests set a virtual one.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <exception cref="InvalidOperationException">Names every option that is wrong.</exception>
    internal void Validate()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(ConnectionString) && (BlobServiceUri is null || QueueServiceUri is null || Credential is null))
            problems.Add($"{nameof(ConnectionString)} is missing; give it, or {nameof(BlobServiceUri)}, {nameof(QueueServiceUri)} and {nameof(Credential)}.");
        if (HubName.Length is < 3 or > 45 || !char.IsAsciiLetter(HubName[0]) || !HubName.All(char.IsAsciiLetterOrDigit))
            problems.Add($"{nameof(HubName)} is '{HubName}'. Allowed: 3 to 45 ASCII letters and digits, the first a letter.");
        if (PartitionCount is < 1 or > 16)
            problems.Add($"{nameof(PartitionCount)} is {PartitionCount}. Allowed: 1 to 16.");
        if (LeaseDuration < ShortestLease || LeaseDuration > TimeSpan.FromSeconds(60))
            problems.Add($"{nameof(LeaseDuration)} is {LeaseDuration}. Allowed: 15 to 60 seconds, the limits of a blob lease.");
        if (MaxPollingInterval < TimeSpan.FromMilliseconds(10))
            problems.Add($"{nameof(MaxPollingInterval)} is {MaxPollingInterval}. Allowed: at least 10 ms.");
        if (LongestHealthyWait <= TimeSpan.Zero)
            problems.Add($"{nameof(LongestHealthyWait)} is {LongestHealthyWait}. Allowed: above 0.");
        if (WatchInterval < TimeSpan.FromMilliseconds(100))
            problems.Add($"{nameof(WatchInterval)} is {WatchInterval}. Allowed: at least 100 ms.");
        if (ActivityVisibilityTimeout < TimeSpan.FromSeconds(3) || ActivityVisibilityTimeout > TimeSpan.FromDays(7))
            problems.Add($"{nameof(ActivityVisibilityTimeout)} is {ActivityVisibilityTimeout}. Allowed: 3 seconds to 7 days.");
        problems.AddRange(ActivityConcurrency.Where(limit => limit.Value < 1).Select(limit => $"{nameof(ActivityConcurrency)} of '{limit.Key}' is {limit.Value}. Allowed: at least 1."));
        if (problems.Count > 0)
            throw new InvalidOperationException($"The durable task hub is not configured rightly. {string.Join(' ', problems)}");
    }
}
