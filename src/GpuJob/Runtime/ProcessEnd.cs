using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Ends the process without waiting for anything.</summary>
/// <remarks>
/// In an orderly end the C library destroys what native libraries hold. A process of a group may have threads in there that wait for a rank which is gone; destroying things under
/// them crashes or hangs.
/// </remarks>
internal static partial class ProcessEnd
{
    /// <returns>Never, but for systems without such a call.</returns>
    internal static int Now(int exitCode)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _exit(exitCode);
        return exitCode;
    }

    [LibraryImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void _exit(int status);
}
