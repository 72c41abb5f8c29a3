using Microsoft.Extensions.Configuration;

namespace LocalHost.SampleApp;

/// <summary>
/// What functions did, in files of the folder that the setting <c>SampleFolder</c> names: a test reads them, and writes the one that a function waits for.
/// </summary>
internal sealed class Notes(IConfiguration configuration)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = configuration["SampleFolder"] ?? throw new InvalidOperationException("The setting SampleFolder is missing.");

    /// <summary>Adds a line.</summary>
    internal Task WriteAsync(string name, string line) => File.AppendAllTextAsync(Path.Combine(_folder, name), line + "\n", CancellationToken.None);

    /// <summary>Notes that something has begun, waits until the test lets it go on, and notes how it ended.</summary>
    internal async Task HoldAsync(string name, CancellationToken stop)
    {
        await WriteAsync($"{name}.began", $"{Environment.ProcessId}");
        try
        {
            while (!File.Exists(Path.Combine(_folder, $"{name}.release")))
                await Task.Delay(Pause, stop);
        }
        catch (OperationCanceledException)
        {
            await WriteAsync($"{name}.ended", "cancelled");
            throw;
        }

        await WriteAsync($"{name}.ended", "released");
    }
}
