using System.Diagnostics;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>Ties this process to the one that started it: when the pipe on its standard input closes, which it does even when its other end is killed, it is killed too.</summary>
internal static class Leash
{
    internal static void Hold() => new Thread(Run) { IsBackground = true, Name = "leash" }.Start();

    private static void Run()
    {
        using var pipe = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (pipe.Read(buffer) > 0)
        {
            // nobody writes to it
        }

        // There is nothing to save: that is the work of rank 0. An orderly end could hang in native code that waits for the other ranks.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
