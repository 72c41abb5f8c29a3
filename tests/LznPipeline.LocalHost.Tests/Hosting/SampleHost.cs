using System.Text.RegularExpressions;
using LznPipeline.Cli.Hosting;
using LznPipeline.Watchdog;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Hosting;

/// <summary>The host's own process with the sample app, on a port of the system's choice.</summary>
internal sealed partial class SampleHost : IAsyncDisposable
{
    private const string Durable = "AzureFunctionsJobHost__extensions__durableTask__";

    private static readonly string Program = Path.Combine(Repository.Root, "src", "LocalHost", "bin", "Release", "net10.0", "lzn-host");

    private readonly WatchedProcess _process;

    private SampleHost(WatchedProcess process, string folder) => (_process, Folder) = (process, folder);

    /// <summary>Output folder of the sample app.</summary>
    internal static string App { get; } = Path.Combine(Repository.Root, "tests", "LocalHost.SampleApp", "bin", "Release", "net10.0");

    internal int Id => _process.Id;

    /// <summary>Everything it has said so far.</summary>
    internal List<string> Said { get; } = [];

    internal HttpClient Client { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    /// <summary>Where the app's functions note what they did.</summary>
    internal string Folder { get; }

    /// <summary>Starts the host and waits until it listens.</summary>
    /// <param name="settings">In place of the usual ones, or beside them.</param>
    internal static async Task<SampleHost> StartAsync(string storage, params (string Name, string? Value)[] settings)
    {
        var host = await LaunchAsync(App, storage, settings);
        try
        {
            var listening = await host.HearsAsync("Functions host listening on");
            host.Client.BaseAddress = new Uri(Url().Match(listening).Value);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the host and does not wait.</summary>
    internal static async Task<SampleHost> LaunchAsync(string app, string storage, params (string Name, string? Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("lzn-host-").FullName;
        var name = $"t{Guid.NewGuid():N}"[..17];
        var environment = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = storage,
            ["AzureFunctionsWebHost__hostid"] = name,
            [Durable + "hubName"] = name,
            [Durable + "storageProvider__maxQueuePollingInterval"] = "00:00:00.1",
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["SampleFolder"] = folder,
            ["SampleSchedule"] = "0 0 0 1 1 *",
        };
        foreach (var (setting, value) in settings)
            environment[setting] = value;
        var port = environment.TryGetValue("port", out var chosen) ? chosen! : "0";
        return new SampleHost(await WatchedProcess.StartAsync(Program, [app, "--port", port], Repository.Root, environment, default), folder);
    }

    /// <summary>Waits until it says something with these words in it.</summary>
    /// <returns>The line.</returns>
    internal async Task<string> HearsAsync(string words)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        try
        {
            while (true)
            {
                Said.Add(await _process.Lines.ReadAsync(deadline.Token));
                if (Said[^1].Contains(words, StringComparison.Ordinal))
                    return Said[^1];
            }
        }
        catch (Exception failed) when (failed is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            throw new InvalidOperationException($"It never said '{words}', but: {string.Join(Environment.NewLine, Said)}", failed);
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code, and all it said.</returns>
    internal async Task<(int Code, string Output)> EndsAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var code = await _process.WaitAsync(deadline.Token);
        await foreach (var line in _process.Lines.ReadAllAsync())
            Said.Add(line);
        return (code, string.Join('\n', Said));
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    /// <returns>Its exit code.</returns>
    internal Task<int> StopAsync() => _process.StopAsync();

    /// <summary>Lets a function go on that waits for it.</summary>
    internal void Release(string name) => File.WriteAllText(Path.Combine(Folder, $"{name}.release"), string.Empty);

    internal string[] Notes(string name)
    {
        var file = Path.Combine(Folder, name);
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    /// <summary>Waits until a function has noted something.</summary>
    internal Task<string[]> NotedAsync(string name, int lines = 1, TimeSpan? patience = null) =>
        Eventually.Becomes(() => Notes(name), notes => notes.Length >= lines, patience);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    [GeneratedRegex("http://[^ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Url();
}
