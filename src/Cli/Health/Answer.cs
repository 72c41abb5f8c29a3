using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LznPipeline.Cli.Health;

/// <summary>What a program says when it is asked something short.</summary>
/// <param name="ExitCode">Null when it did not answer in time.</param>
internal sealed record Answer(int? ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program and waits for its end.</summary>
    /// <param name="program">A file or a name on the PATH.</param>
    /// <returns>Null when there is no such program.</returns>
    internal static async Task<Answer?> OfAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false };
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        Process process;
        try
        {
            process = Process.Start(start)!;    // without a shell it is never null
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(Patience);
            try
            {
                await process.WaitForExitAsync(deadline.Token);
                return new Answer(process.ExitCode, (await output).Trim(), (await errors).Trim());
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return new Answer(null, "", $"no answer within {Patience.TotalSeconds} s");
            }
        }
    }
}

/// <summary>Asks the program <c>lzn-gpu</c> whether libtorch loads and computes, and where.</summary>
internal static class Torch
{
    private const string Name = "libtorch";
    private const string Cuda = "cuda";

    /// <param name="program">The built <c>lzn-gpu</c>.</param>
    /// <param name="hasDriver">Whether NVIDIA's driver is there.</param>
    internal static async Task<IReadOnlyList<Finding>> FindAsync(string program, bool hasDriver, CancellationToken stop)
    {
        if (await Answer.OfAsync(program, ["device"], Path.GetTempPath(), stop) is not { } answer)
            return [Finding.Optional(Name, "lzn-gpu, which brings it, is not built yet", "every ./lzn command but this one builds it")];
        if (answer.ExitCode != 0)
            return [Finding.Missing(Name, $"'lzn-gpu device' fails: {FirstLine(answer.Errors)}", "it comes with dotnet build src/GpuJob -c Release")];
        return [Finding.Good(Name, answer.Output), CudaOf(answer.Output.Contains(Cuda, StringComparison.Ordinal), hasDriver)];
    }

    internal static bool HasDriver() => NativeLibrary.TryLoad("libcuda.so.1", out _);

    private static Finding CudaOf(bool used, bool hasDriver) => (used, hasDriver) switch
    {
        (true, _) => Finding.Good("CUDA", "networks compute there unless told otherwise"),
        (false, true) => Finding.Optional("CUDA", "a driver, but a build for the processor", "LZN_BUILD_DEVICE=cuda ./lzn demo (a download of gigabytes)"),
        (false, false) => Finding.Optional("CUDA", "no driver: everything runs on the processor"),
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
