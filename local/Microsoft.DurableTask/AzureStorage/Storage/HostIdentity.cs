using System.Diagnostics;
using System.Globalization;

namespace Lzn.Durable.Storage;

/// <summary>
/// Names a host process so that another on the same machine can tell whether it still lives: "{machine}|{process}|{start, s}". The machine is
/// the running kernel and the process namespace, so containers are machines of their own.
/// </summary>
internal static class HostIdentity
{
    private const long StartTolerance = 2; // seconds; the start is computed from clock ticks since boot

    private static readonly string Machine = string.Join('.', Environment.MachineName, BootId(), new FileInfo("/proc/self/ns/pid").LinkTarget?.Trim('[', ']', ':'));

    public static string Current { get; } = Of(Process.GetCurrentProcess());

    /// <summary>Whether the host ran on this machine and its process is gone. False when that cannot be known.</summary>
    public static bool IsDead(string owner)
    {
        var parts = owner.Split('|');
        if (parts.Length != 3 || parts[0] != Escaped(Machine))
            return false;
        try
        {
            using var process = Process.GetProcessById(int.Parse(parts[1], CultureInfo.InvariantCulture));
            return process.HasExited || Math.Abs(StartOf(process) - long.Parse(parts[2], CultureInfo.InvariantCulture)) > StartTolerance;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception)
        {
            return false; // another user's process: not ours to judge
        }
    }

    private static string Of(Process process) => $"{Escaped(Machine)}|{process.Id}|{StartOf(process)}";

    private static long StartOf(Process process) => new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();

    private static string Escaped(string text) => Uri.EscapeDataString(text); // it travels as blob metadata

    private static string BootId()
    {
        const string Kernel = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Kernel) ? File.ReadAllText(Kernel).Trim() : "";
    }
}
