using System.Text.RegularExpressions;
using System.Threading.Channels;
using LznPipeline.Watchdog;

namespace LznPipeline.Cli.Hosting;

/// <summary>Azurite, the storage emulator, as a child of this process.</summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    // Azurite's published development account; it guards nothing.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WatchedProcess _process;

    private AzuriteProcess(WatchedProcess process, Dictionary<string, Uri> endpoints)
    {
        _process = process;
        Blobs = endpoints["Blob"];
        Queues = endpoints["Queue"];
        Tables = endpoints["Table"];
    }

    public int Id => _process.Id;

    public Uri Blobs { get; }

    public Uri Queues { get; }

    public Uri Tables { get; }

    /// <summary>Azurite's further output, until it ends.</summary>
    public ChannelReader<string> Lines => _process.Lines;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Blobs}{Account};"
        + $"QueueEndpoint={Queues}{Account};TableEndpoint={Tables}{Account};";

    /// <summary>Starts Azurite and waits until it listens.</summary>
    /// <param name="folder">Where it keeps its data; null keeps everything in memory.</param>
    /// <param name="ports">0 lets the system choose.</param>
    public static async Task<AzuriteProcess> StartAsync(string? folder, AzuritePorts ports, CancellationToken stop)
    {
        await AzuriteInstall.EnsureAsync(stop);
        string[] place = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        var process = await WatchedProcess.StartAsync(
            "node",
            [
                AzuriteInstall.Script, "--blobPort", $"{ports.Blob}", "--queuePort", $"{ports.Queue}", "--tablePort", $"{ports.Table}",
                .. place, "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            ],
            Repository.AzuriteFolder,
            new Dictionary<string, string?>(),
            stop);
        try
        {
            return new AzuriteProcess(process, await ReadEndpointsAsync(process, stop));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    public Task<int> WaitAsync(CancellationToken stop) => _process.WaitAsync(stop);

    /// <summary>Stops it; what it keeps in a folder is written first.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<Dictionary<string, Uri>> ReadEndpointsAsync(WatchedProcess process, CancellationToken stop)
    {
        var endpoints = new Dictionary<string, Uri>();
        var output = new List<string>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            while (endpoints.Count < 3)
            {
                var line = await process.Lines.ReadAsync(deadline.Token);
                output.Add(line);
                if (Listening().Match(line) is { Success: true } match)
                    endpoints[match.Groups["service"].Value] = new Uri(match.Groups["url"].Value);
            }

            return endpoints;
        }
        catch (Exception failed) when (failed is ChannelClosedException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            var why = failed is ChannelClosedException ? "ended before it listened" : $"did not listen within {Patience.TotalSeconds} s";
            throw new InvalidOperationException($"Azurite {why}: {string.Join(Environment.NewLine, output)}", failed);
        }
    }

    [GeneratedRegex("Azurite (?<service>Blob|Queue|Table) service is successfully listening at (?<url>http://[^ ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}

/// <summary>Ports of Azurite's services; 0 lets the system choose.</summary>
public sealed record AzuritePorts(int Blob = 0, int Queue = 0, int Table = 0);
