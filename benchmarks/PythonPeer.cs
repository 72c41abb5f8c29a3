using System.Diagnostics;
using System.Globalization;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.Benchmarks;

/// <summary>
/// A script of <c>peers</c> under Debian's Python, whose torch is an older release on a libtorch of its own.
/// It answers each line with a line, and waits in between.
/// </summary>
/// <remarks>Its threads work as ours do: as many, and with as little spinning.</remarks>
internal sealed class PythonPeer : IDisposable
{
    private const string Interpreter = "/usr/bin/python3";

    private readonly Process _process;
    private readonly string _script;

    private PythonPeer(string script)
    {
        _script = script;
        var start = new ProcessStartInfo(Interpreter, [Path.Combine(AppContext.BaseDirectory, "peers", script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in NativeThreads.Settings())
            start.Environment.TryAdd(name, value);      // without them Debian's torch takes one thread only
        start.Environment.TryAdd("OPENBLAS_THREAD_TIMEOUT", "10");      // 2^10 cycles of spinning; its standard is 2^26
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Interpreter} did not start.");
    }

    /// <summary>The version of its torch.</summary>
    internal string Version { get; private set; } = "";

    internal static async Task<PythonPeer> StartAsync(string script, CancellationToken stop)
    {
        var peer = new PythonPeer(script);
        peer.Version = peer.Heard(await peer._process.StandardOutput.ReadLineAsync(stop));
        return peer;
    }

    /// <summary>
    /// Sends a command and returns the number that it answers. The thread waits, so that ours computes on one thread from turn to turn:
    /// OpenMP has a team for each that begins work.
    /// </summary>
    internal double Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        return double.Parse(Heard(_process.StandardOutput.ReadLine()), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();         // ends the script
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Heard(string? line) => line
        ?? throw new InvalidOperationException(
            $"{_script} ended early; its error stands above. "
            + "It needs Debian's packages: apt-get install python3-torch python3-torchvision python3-pil libopenblas0.");
}
