using System.Diagnostics;
using System.Globalization;

namespace LznPipeline.Activities.Launching;

/// <summary>A process of this machine, named so that another one that got its number later is not mistaken for it.</summary>
/// <param name="Started">Clock ticks from boot to its start, field 22 of <c>/proc/PID/stat</c>.</param>
internal sealed record LocalProcess(int Id, long Started)
{
    private const int StateField = 3;
    private const int StartField = 22;

    /// <summary>The handle: <c>PID:STARTED</c>.</summary>
    public override string ToString() => $"{Id}:{Started}";

    internal static LocalProcess? Parse(string handle) =>
        handle.Split(':') is [var id, var started]
        && int.TryParse(id, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(started, CultureInfo.InvariantCulture, out var ticks)
            ? new LocalProcess(number, ticks)
            : null;

    /// <summary>The process that has this number now; null when there is none, or only what is left of one until its parent takes notice.</summary>
    internal static LocalProcess? Find(int id)
    {
        try
        {
            // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new LocalProcess(id, long.Parse(fields[StartField - StateField], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal bool IsAlive => Find(Id) == this;

    /// <summary>SIGTERM: a GPU job saves a checkpoint and ends.</summary>
    internal async Task AskToStopAsync(CancellationToken stop)
    {
        if (!IsAlive)
            return;
        using var kill = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "kill -s TERM \"$0\" 2>/dev/null", $"{Id}"]) { UseShellExecute = false });
        await kill!.WaitForExitAsync(stop);     // null only when a running process is reused, which the shell never is
    }
}
