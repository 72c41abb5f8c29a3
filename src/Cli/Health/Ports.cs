using System.Net.NetworkInformation;
using LznPipeline.Cli.Hosting;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Health;

/// <summary>Looks at the pipeline of a state folder: whether it runs and its storage answers, or else whether its ports are free.</summary>
internal static class Ports
{
    internal static async Task<IEnumerable<Finding>> FindAsync(string state, CancellationToken stop)
    {
        if (UpFile.Read(state) is not { } up)
            return [Finding.Good("Pipeline", "not running; ./lzn up or ./lzn demo starts it, on free ports")];
        if (up.IsRunning)
            return [Finding.Good("Pipeline", $"runs at {up.Url}, process {up.ProcessId}"), await StorageAsync(up, stop)];
        var taken = Taken(up.Ports);
        return taken.Count == 0
            ? [Finding.Good("Pipeline", "not running; ./lzn up takes the ports of the last time, which are free")]
            : [Finding.Optional("Pipeline", $"not running; another program has {string.Join(", ", taken)} of its last ports, so ./lzn up takes others")];
    }

    /// <summary>Ports of the last time that somebody listens on now.</summary>
    private static List<int> Taken(AzuritePorts ports)
    {
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        return [.. listeners.Select(listener => listener.Port).Intersect([ports.Blob, ports.Queue, ports.Table])];
    }

    private static async Task<Finding> StorageAsync(UpFile up, CancellationToken stop)
    {
        try
        {
            await StoreAddress.OpenAsync(up.Storage, stop);
            return Finding.Good("Storage", "answers");
        }
        catch (StoreUnavailableException away)
        {
            return Finding.Missing("Storage", away.Message, "stop ./lzn up and start it again: what it stored is kept");
        }
    }
}
