using System.Diagnostics;
using Xunit;

namespace LznPipeline.Testing;

/// <summary>Debian's Python with its PyTorch: the other side of a file format.</summary>
public static class PythonTorch
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Why it cannot be run here; null if it can.</summary>
    public static string? Missing { get; } = Find() ? null : "Debian's python3-torch is not installed.";

    /// <summary>Runs a script; <c>sys.argv[1:]</c> are the arguments.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        using var process = Start(["-c", script, .. arguments]);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }

    private static bool Find()
    {
        if (!File.Exists(Interpreter))
            return false;
        using var process = Start(["-c", "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Start(IEnumerable<string> arguments) =>
        // without a shell it is never null
        Process.Start(new ProcessStartInfo(Interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
}

/// <summary>A test that needs <see cref="PythonTorch"/>; skipped where it is not installed.</summary>
public sealed class PythonTorchFactAttribute : FactAttribute
{
    public PythonTorchFactAttribute() => Skip = PythonTorch.Missing;
}

/// <inheritdoc cref="PythonTorchFactAttribute"/>
public sealed class PythonTorchTheoryAttribute : TheoryAttribute
{
    public PythonTorchTheoryAttribute() => Skip = PythonTorch.Missing;
}
