namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>How hard the tests try that have no natural end: a little in every run, and for an hour when LZN_NIGHTLY is set.</summary>
internal static class Nightly
{
    public static bool Is { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LZN_NIGHTLY"));

    public static int Kills => Is ? 500 : 40;

    /// <summary>Kills and halts among several hosts.</summary>
    public static int Troubles => Is ? 150 : 12;

    /// <summary>300 in all, and 1,200: so hosts have work until the last trouble, and the emulator is not drowned.</summary>
    public static int InstancesPerTrouble => Is ? 8 : 25;

    public static int Searches => Is ? 5000 : 60;

    public static int Purged => Is ? 50_000 : 2_000;

    /// <summary>For an instance to end, among all those that the troubles have left.</summary>
    public static TimeSpan Patience => TimeSpan.FromMinutes(Is ? 15 : 2);

    public static TimeSpan Outage => Is ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(8);
}
