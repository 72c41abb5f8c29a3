using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LznPipeline.Cli.Hosting;

/// <summary>Processes that this program did not start itself, known by their id.</summary>
internal static partial class Processes
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>The process of that id, if it is alive and called so: ids are given out anew.</summary>
    internal static Process? Find(int id, string name)
    {
        try
        {
            var process = Process.GetProcessById(id);
            return process.ProcessName == name && !process.HasExited ? process : null;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Asks a process to end, waits, and kills it if it does not.</summary>
    internal static async Task StopAsync(Process process, CancellationToken stop)
    {
        _ = Kill(process.Id, SigTerm);      // it may have ended meanwhile
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            process.Kill();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
