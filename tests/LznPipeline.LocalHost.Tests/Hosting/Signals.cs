using System.Diagnostics;

namespace LznPipeline.LocalHost.Tests.Hosting;

internal static class Signals
{
    /// <param name="name">KILL, STOP, CONT, TERM.</param>
    internal static async Task SendAsync(string name, int process)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    internal static bool IsAlive(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
}
