using System.Net.NetworkInformation;
using LznPipeline.Shared.Sources;

namespace LznPipeline.Cli.Hosting;

/// <summary>Azurite and the function host on this machine, with all state in one folder. A host that dies is started again, on its port.</summary>
internal sealed class LocalPipeline : IAsyncDisposable
{
    private const string Sources = "Lzn__Sources__";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly FileStream _lock;
    private readonly AzuriteProcess _azurite;
    private readonly string _state;
    private readonly Action<string, string> _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _output = [];
    private readonly Task<string> _keeping;
    private HostProcess _host;

    private LocalPipeline(FileStream @lock, AzuriteProcess azurite, HostProcess host, string state, Action<string, string> log)
    {
        (_lock, _azurite, _host, _state, _log) = (@lock, azurite, host, state, log);
        _output.Add(ForwardAsync("azurite", azurite.Lines));
        Announce();
        _keeping = KeepAsync();
    }

    internal Uri Url => _host.Url;

    internal Uri Blobs => _azurite.Blobs;

    internal string Storage => _azurite.ConnectionString;

    /// <summary>Starts both, after whatever an earlier, killed one has left.</summary>
    /// <param name="state">Folder of all state; one pipeline at a time works in it.</param>
    /// <param name="hostPort">0 lets the system choose.</param>
    /// <param name="ports">Ports of Azurite; null takes those of the last time if they are free.</param>
    /// <param name="log">Gets each line of output with its source.</param>
    internal static async Task<LocalPipeline> StartAsync(string state, int hostPort, AzuritePorts? ports, Action<string, string> log, CancellationToken stop)
    {
        var taken = LockFile.TryTake(Path.Combine(state, "up.lock")) ?? throw AlreadyRunning(state);
        AzuriteProcess? azurite = null;
        try
        {
            var last = UpFile.Read(state);
            await StopLeftoversAsync(last, log, stop);
            var azuriteState = Directory.CreateDirectory(Path.Combine(state, "azurite")).FullName;
            azurite = await AzuriteProcess.StartAsync(azuriteState, ports ?? Free(last?.Ports), stop);
            return new LocalPipeline(taken, azurite, await StartHostAsync(azurite, state, hostPort, stop), state, log);
        }
        catch
        {
            if (azurite is not null)
                await azurite.DisposeAsync();
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until storage ends by itself, without which there is no going on, and says so.</summary>
    internal Task<string> WaitAsync(CancellationToken stop) => _keeping.WaitAsync(stop);

    /// <summary>Stops the host first, which drains and lets jobs save checkpoints, then the storage that they save to.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _keeping;
        await _host.DisposeAsync();
        await _azurite.DisposeAsync();
        await Task.WhenAll(_output);
        await _lock.DisposeAsync();
        _stopping.Dispose();
    }

    private static Task<HostProcess> StartHostAsync(AzuriteProcess azurite, string state, int port, CancellationToken stop)
    {
        var settings = new Dictionary<string, string?> { ["Lzn__StateFolder"] = state, ["LocalHost__InstanceId"] = "up" };
        if (Environment.GetEnvironmentVariable(Sources + 0) is null)
        {
            // Drawn pictures lie in the repository, a user's own mostly below the home folder.
            string[] places = [SourceAddress.BlobPrefix, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Repository.Root];
            foreach (var (index, place) in places.Where(place => place.Length > 0).Index())        // not everybody has a home folder
                settings[Sources + index] = place;
        }

        return HostProcess.StartAsync(azurite.ConnectionString, port, settings, stop);
    }

    private async Task<string> KeepAsync()
    {
        var azurite = _azurite.WaitAsync(_stopping.Token);
        try
        {
            while (true)
            {
                var host = _host.WaitAsync(_stopping.Token);
                if (await Task.WhenAny(host, azurite) == azurite)
                    return $"Azurite ended by itself with code {await azurite}.";
                _log("lzn", $"the host ended by itself with code {await host}; it is started again");
                await RestartAsync();
            }
        }
        catch (OperationCanceledException)
        {
            return "The pipeline was stopped.";
        }
    }

    private async Task RestartAsync()
    {
        var port = _host.Url.Port;
        await _host.DisposeAsync();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                _host = await StartHostAsync(_azurite, _state, port, _stopping.Token);
                Announce();
                return;
            }
            catch (CliException failed)
            {
                _log("lzn", $"{failed.Message} The next try is in {pause.TotalSeconds:0} s.");
                await Task.Delay(pause, _stopping.Token);
            }
        }
    }

    /// <summary>Lets others find the host, and hears it.</summary>
    private void Announce()
    {
        foreach (var line in _host.FirstLines)
            _log("host", line);
        _output.Add(ForwardAsync("host", _host.Lines));
        var ports = new AzuritePorts(_azurite.Blobs.Port, _azurite.Queues.Port, _azurite.Tables.Port);
        new UpFile(Environment.ProcessId, _host.Id, _azurite.Id, _host.Url, _azurite.ConnectionString, ports, DateTimeOffset.UtcNow).Write(_state);
    }

    private async Task ForwardAsync(string source, System.Threading.Channels.ChannelReader<string> lines)
    {
        await foreach (var line in lines.ReadAllAsync())
            _log(source, line);
    }

    private static CliException AlreadyRunning(string state) => UpFile.Read(state) is { IsRunning: true } up
        ? new CliException($"The pipeline with state in {state} is running already: process {up.ProcessId}, {up.Url}. "
            + $"Use it, or stop it with Ctrl-C (or kill {up.ProcessId}).")
        : new CliException($"Another lzn is just starting or stopping the pipeline with state in {state}. Try again in a moment.");

    /// <summary>The children of a killed <c>up</c> end by themselves, but may still be at it.</summary>
    private static async Task StopLeftoversAsync(UpFile? last, Action<string, string> log, CancellationToken stop)
    {
        if (last is null)
            return;
        foreach (var (id, name) in new[] { (last.HostId, "lzn-host"), (last.AzuriteId, "node") })
        {
            if (Processes.Find(id, name) is not { } process)
                continue;
            log("lzn", $"stopping process {id} ({name}), which an earlier run has left");
            await Processes.StopAsync(process, stop);
        }
    }

    private static AzuritePorts Free(AzuritePorts? wanted)
    {
        if (wanted is null)
            return new AzuritePorts();
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
        return taken.Overlaps([wanted.Blob, wanted.Queue, wanted.Table]) ? new AzuritePorts() : wanted;
    }
}
