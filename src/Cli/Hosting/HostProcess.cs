using System.Text.RegularExpressions;
using System.Threading.Channels;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Hosting;

/// <summary>The functions app with all workflows, as a child of this process.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private const string Program = "LznPipeline.Orchestrations";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly LeashedProcess _process;

    private HostProcess(LeashedProcess process, Uri url, IReadOnlyList<string> firstLines) => (_process, Url, FirstLines) = (process, url, firstLines);

    public int Id => _process.Id;

    public Uri Url { get; }

    /// <summary>What it said until it listened.</summary>
    public IReadOnlyList<string> FirstLines { get; }

    /// <summary>What it says from then on, until it ends.</summary>
    public ChannelReader<string> Lines => _process.Lines;

    /// <summary>Starts the host and waits until it listens.</summary>
    /// <param name="storage">Connection string of the storage account that holds everything.</param>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="settings">Further app settings.</param>
    public static async Task<HostProcess> StartAsync(string storage, int port, IReadOnlyDictionary<string, string?> settings, CancellationToken stop)
    {
        var program = Path.Combine(Repository.Root, "src", "Orchestrations", "bin", "Release", "net10.0", Program);
        if (!File.Exists(program))
            throw new CliException($"The function host is not built: there is no {program}. Run ./lzn, which builds it.");
        var environment = new Dictionary<string, string?>(settings) { [StoreAddress.Setting] = storage };
        environment.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        var process = await LeashedProcess.StartAsync(program, ["--port", $"{port}"], Repository.Root, environment, stop);
        try
        {
            return await ListenAsync(process, stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    public Task<int> WaitAsync(CancellationToken stop) => _process.WaitAsync(stop);

    /// <summary>Asks it to drain and end, and waits for it and for the jobs it started.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<HostProcess> ListenAsync(LeashedProcess process, CancellationToken stop)
    {
        var lines = new List<string>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            while (true)
            {
                lines.Add(await process.Lines.ReadAsync(deadline.Token));
                if (Listening().Match(lines[^1]) is { Success: true } match)
                    return new HostProcess(process, new Uri(match.Groups["url"].Value), lines);
            }
        }
        catch (Exception failed) when (failed is ChannelClosedException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            var why = failed is ChannelClosedException ? $"ended with code {await process.WaitAsync(stop)} before it listened" : $"did not listen within {Patience.TotalSeconds} s";
            throw new CliException($"The function host {why}. It said: {string.Join(Environment.NewLine, lines.TakeLast(30))}", failed);
        }
    }

    [GeneratedRegex("Functions host listening on (?<url>http://[^ ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
