using System.Text.RegularExpressions;
using System.Threading.Channels;
using LznPipeline.Watchdog;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Hosting;

/// <summary>The host for one machine with the functions app, as a child of this process.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private const string Durable = "AzureFunctionsJobHost__extensions__durableTask__";

    /// <summary>
    /// In Azure the durable extension's own values stand, since polling costs money there. Here it costs nothing, and what a killed host had in hand shall not
    /// stay hidden for five minutes.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string?> OnOneMachine = new Dictionary<string, string?>
    {
        [Durable + "storageProvider__maxQueuePollingInterval"] = "00:00:00.1",
        [Durable + "storageProvider__workItemQueueVisibilityTimeout"] = "00:00:15",
        [Durable + "storageProvider__controlQueueVisibilityTimeout"] = "00:01:00",
        [Durable + "maxConcurrentActivityFunctions"] = $"{4 * Environment.ProcessorCount}",       // the emulator is the limit, and more at once make it slower
        [Durable + "tracing__version"] = "None",        // that of Application Insights; OpenTelemetry has its own switch
        [Durable + "useGracefulShutdown"] = "true",
        [Durable + "extendedSessionsEnabled"] = "true",        // a turn goes on where the last one ended, without reading its history again
        ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly WatchedProcess _process;

    private HostProcess(WatchedProcess process, Uri url, IReadOnlyList<string> firstLines) => (_process, Url, FirstLines) = (process, url, firstLines);

    public int Id => _process.Id;

    public Uri Url { get; }

    /// <summary>What it said until it listened.</summary>
    public IReadOnlyList<string> FirstLines { get; }

    /// <summary>What it says from then on, until it ends.</summary>
    public ChannelReader<string> Lines => _process.Lines;

    /// <summary>Starts the host with the pipeline's app and waits until it listens.</summary>
    /// <inheritdoc cref="StartAppAsync"/>
    public static Task<HostProcess> StartAsync(string storage, int port, IReadOnlyDictionary<string, string?> settings, CancellationToken stop) =>
        StartAppAsync(Path.GetDirectoryName(Output("Orchestrations", "worker.config.json"))!, storage, port, settings, stop);       // a file has a folder

    /// <summary>Starts the host with a functions app and waits until it listens.</summary>
    /// <param name="app">The app's output folder.</param>
    /// <param name="storage">Connection string of the storage account that holds everything.</param>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="settings">Further app settings; a null value takes one of <see cref="OnOneMachine"/> back.</param>
    public static async Task<HostProcess> StartAppAsync(
        string app, string storage, int port, IReadOnlyDictionary<string, string?> settings, CancellationToken stop)
    {
        var environment = new Dictionary<string, string?>(OnOneMachine) { [StoreAddress.Setting] = storage };
        foreach (var (name, value) in settings)
            environment[name] = value;
        var process = await WatchedProcess.StartAsync(Output("LocalHost", "lzn-host"), [app, "--port", $"{port}"], Repository.Root, environment, stop);
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

    private static string Output(string project, string file)
    {
        var path = Path.Combine(Repository.Root, "src", project, "bin", "Release", "net10.0", file);
        return File.Exists(path) ? path : throw new CliException($"The function host is not built: there is no {path}. Run ./lzn, which builds it.");
    }

    private static async Task<HostProcess> ListenAsync(WatchedProcess process, CancellationToken stop)
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
            var why = failed is ChannelClosedException
                ? $"ended with code {await process.WaitAsync(stop)} before it listened"
                : $"did not listen within {Patience.TotalSeconds} s";
            throw new CliException($"The function host {why}. It said: {string.Join(Environment.NewLine, lines.TakeLast(30))}", failed);
        }
    }

    [GeneratedRegex("Functions host listening on (?<url>http://[^ ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
