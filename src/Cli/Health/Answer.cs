using System.ComponentModel;
using System.Diagnostics;

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
