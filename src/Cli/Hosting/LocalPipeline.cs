using System.Net.NetworkInformation;

namespace LznPipeline.Cli.Hosting;

/// <summary>Azurite and the function host on this machine, with all state in one folder.</summary>
internal sealed class LocalPipeline : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly AzuriteProcess _azurite;
    private readonly HostProcess _host;
    private readonly Task _output;

    private LocalPipeline(FileStream @lock, AzuriteProcess azurite, HostProcess host, Action<string, string> log)
    {
        (_lock, _azurite, _host) = (@lock, azurite, host);
        _output = Task.WhenAll(ForwardAsync("azurite", azurite.Lines), ForwardAsync("host", host.Lines));

        async Task ForwardAsync(string source, System.Threading.Channels.ChannelReader<string> lines)
        {
            await foreach (var line in lines.ReadAllAsync())
                log(source, line);
        }
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
            var host = await HostProcess.StartAsync(azurite.ConnectionString, hostPort, new Dictionary<string, string?> { ["Lzn__StateFolder"] = state, ["LocalHost__InstanceId"] = "up" }, stop);
            foreach (var line in host.FirstLines)
                log("host", line);
            var reused = new AzuritePorts(azurite.Blobs.Port, azurite.Queues.Port, azurite.Tables.Port);
            new UpFile(Environment.ProcessId, host.Id, azurite.Id, host.Url, azurite.ConnectionString, reused, DateTimeOffset.UtcNow).Write(state);
            return new LocalPipeline(taken, azurite, host, log);
        }
        catch
        {
            if (azurite is not null)
                await azurite.DisposeAsync();
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until one of the two ends by itself, and says which.</summary>
    internal async Task<string> WaitAsync(CancellationToken stop)
    {
        var (host, azurite) = (_host.WaitAsync(stop), _azurite.WaitAsync(stop));
        var first = await Task.WhenAny(host, azurite);
        return $"{(first == host ? "The function host" : "Azurite")} ended by itself with code {await first}.";
    }

    /// <summary>Stops the host first, which drains and lets jobs save checkpoints, then the storage that they save to.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _azurite.DisposeAsync();
        await _output;
        await _lock.DisposeAsync();
    }

    private static CliException AlreadyRunning(string state) => UpFile.Read(state) is { IsRunning: true } up
        ? new CliException($"The pipeline with state in {state} is running already: process {up.ProcessId}, {up.Url}. Use it, or stop it with Ctrl-C (or kill {up.ProcessId}).")
        : new CliException($"Another lzn is just starting or stopping the pipeline with state in {state}. Try again in a moment.");

    /// <summary>The children of a killed <c>up</c> end by themselves, but may still be at it.</summary>
    private static async Task StopLeftoversAsync(UpFile? last, Action<string, string> log, CancellationToken stop)
    {
        if (last is null)
            return;
        foreach (var (id, name) in new[] { (last.HostId, "LznPipeline.Orchestrations"), (last.AzuriteId, "node") })
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
