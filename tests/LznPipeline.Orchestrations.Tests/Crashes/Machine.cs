using System.Diagnostics;
using LznPipeline.Cli.Hosting;
using LznPipeline.Orchestrations.Tests.Hosting;

namespace LznPipeline.Orchestrations.Tests.Crashes;

/// <summary>Storage of its own, in a folder, and hosts on one task hub; all of it can be killed and started again on the same ports.</summary>
internal sealed class Machine : IAsyncDisposable
{
    /// <summary>The emulator writes its tables to disk every five seconds; what is not yet there would be lost, which a storage account does not do.</summary>
    private static readonly TimeSpan UntilStored = TimeSpan.FromSeconds(6);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-crash-");
    private readonly string _hub = $"Hub{Guid.NewGuid():N}"[..19];
    private readonly Dictionary<string, PipelineHost> _hosts = [];
    private AzuriteProcess _azurite;

    private Machine(AzuriteProcess azurite) => _azurite = azurite;

    /// <summary>Any of the hosts that run.</summary>
    internal PipelineHost Host => _hosts.Values.First();

    /// <summary>Processes of fake GPU jobs that work for it.</summary>
    internal IEnumerable<int> Jobs => ProcessTree.Jobs(_azurite.Blobs);

    internal static async Task<Machine> StartAsync(params string[] hosts)
    {
        var folder = Directory.CreateTempSubdirectory("lzn-crash-azurite-").FullName;
        var machine = new Machine(await AzuriteProcess.StartAsync(folder, new AzuritePorts(), default)) { AzuriteFolder = folder };
        foreach (var host in hosts)
            await machine.StartHostAsync(host);
        return machine;
    }

    private string AzuriteFolder { get; init; } = string.Empty;

    /// <summary>A host under a name, which keeps its partitions from one process to the next.</summary>
    internal async Task StartHostAsync(string name) =>
        _hosts[name] = await PipelineHost.StartAsync(_azurite.ConnectionString, _hub, Path.Combine(_folder.FullName, name), ("LocalHost__InstanceId", name));

    internal async Task KillHostAsync(string name)
    {
        Kill(_hosts[name].ProcessId);
        await _hosts[name].DisposeAsync();
        _hosts.Remove(name);
    }

    /// <summary>Kills the worker process of a host; false when it has none just now.</summary>
    internal bool KillWorker(string name) =>
        ProcessTree.Below(_hosts[name].ProcessId).FirstOrDefault(process =>
            process.Command.Contains("LznPipeline.Orchestrations.dll", StringComparison.Ordinal)
            && !process.Command.Contains("watchdog.sh", StringComparison.Ordinal)) is { } worker
        && Kill(worker.Id);

    /// <summary>Kills the storage emulator after everyone who writes to it has been halted for as long as it takes to store what it has acknowledged.</summary>
    internal async Task KillStorageAsync()
    {
        int[] writers =
        [
            .. _hosts.Values.SelectMany(host => ProcessTree.Below(host.ProcessId).Select(process => process.Id).Append(host.ProcessId)),
            .. Jobs
        ];
        await SignalAsync("STOP", writers);
        await Task.Delay(UntilStored);
        Kill(_azurite.Id);
        var ports = new AzuritePorts(_azurite.Blobs.Port, _azurite.Queues.Port, _azurite.Tables.Port);
        await _azurite.DisposeAsync();
        _azurite = await AzuriteProcess.StartAsync(AzuriteFolder, ports, default);
        await SignalAsync("CONT", writers);
    }

    /// <summary>Nobody gets an answer for so long, and until <paramref name="meanwhile"/> is done.</summary>
    internal async Task HaltStorageAsync(TimeSpan time, Func<Task> meanwhile)
    {
        await SignalAsync("STOP", _azurite.Id);
        try
        {
            await Task.WhenAll(Task.Delay(time), meanwhile());
        }
        finally
        {
            await SignalAsync("CONT", _azurite.Id);
        }
    }

    internal static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values)
            await host.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Delete(recursive: true);
        Directory.Delete(AzuriteFolder, recursive: true);
    }

    private static async Task SignalAsync(string signal, params int[] processes)
    {
        // the shell is always there
        using var kill = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"kill -s {signal} \"$@\" 2>/dev/null", "sh", .. processes.Select(id => $"{id}")]))!;
        await kill.WaitForExitAsync();
    }
}
