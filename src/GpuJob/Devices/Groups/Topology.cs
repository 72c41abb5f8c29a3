using System.Globalization;
using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>
/// Which processes train one model together, and which of them this one is: nodes are machines, each with the same number of devices, a process each.
/// </summary>
internal sealed record Topology
{
    internal const string NodesSetting = "WORLD_SIZE";
    internal const string NodeRankSetting = "NODE_RANK";
    internal const string AddressSetting = "MASTER_ADDR";
    internal const string PortSetting = "MASTER_PORT";
    internal const string DevicesSetting = "LZN_DEVICES";

    /// <summary>More would be a mistake: a batch has at most 65,536 images.</summary>
    private const int MaxNodes = 4096;
    private const int MaxDevices = 256;

    /// <summary>One process that trains by itself.</summary>
    internal static Topology Single { get; } = new();

    internal int Nodes { get; init; } = 1;

    /// <summary>0 for the node whose first process saves and reports.</summary>
    internal int NodeRank { get; init; }

    /// <summary>Devices, and thereby processes, of each node.</summary>
    internal int Devices { get; init; } = 1;

    /// <summary>Which process of its node this is. The first one starts the others.</summary>
    internal int LocalRank { get; init; }

    /// <summary>Where rank 0 is found by the others.</summary>
    internal string MasterAddress { get; init; } = "127.0.0.1";

    /// <summary>0: a port that the system gives, which only processes of the same node come to know.</summary>
    internal int MasterPort { get; init; }

    internal int World => Nodes * Devices;

    internal int Rank => NodeRank * Devices + LocalRank;

    /// <summary>Reads what the published code's environment variables and the command line say.</summary>
    /// <param name="devices">As given on the command line; null for the setting LZN_DEVICES, and without that for one.</param>
    /// <param name="localRank">0 unless the node's first process started this one.</param>
    /// <param name="environment">Values of environment variables.</param>
    /// <exception cref="OptionsException">Settings are missing, out of range or contradict each other; all of them are named.</exception>
    internal static Topology Read(int? devices, int localRank, Func<string, string?> environment)
    {
        var problems = new Problems();
        var nodes = Number(problems, environment, NodesSetting, 1, 1, MaxNodes, "the number of machines");
        var nodeRank = Number(problems, environment, NodeRankSetting, 0, 0, nodes - 1, $"this machine's number, below {NodesSetting}");
        var own = devices ?? Number(problems, environment, DevicesSetting, 1, 1, MaxDevices, "processes on this machine");
        problems.Unless(own is >= 1 and <= MaxDevices, "--devices", own, $"1 to {MaxDevices}");
        problems.Unless(localRank >= 0 && localRank < Math.Max(own, 1), "--local-rank", localRank, $"0 to {own - 1}");

        var meets = nodes > 1 || localRank > 0;      // otherwise nobody has to be found
        var address = meets ? environment(AddressSetting) : null;
        problems.Unless(!meets || !string.IsNullOrWhiteSpace(address), AddressSetting, address, $"the address or name of the machine with {NodeRankSetting} 0");
        var port = meets ? Number(problems, environment, PortSetting, null, 1, 65535, "a free port of that machine, the same on all") : 0;
        problems.ThrowIfAny();
        return new()
        {
            Nodes = nodes,
            NodeRank = nodeRank,
            Devices = own,
            LocalRank = localRank,
            MasterAddress = address ?? Single.MasterAddress,
            MasterPort = port
        };
    }

    /// <summary>"rank 3 of 8", as messages and logs name this process.</summary>
    public override string ToString() => $"rank {Rank} of {World}";

    private static int Number(Problems problems, Func<string, string?> environment, string name, int? missing, int from, int to, string meaning)
    {
        var text = environment(name);
        if (string.IsNullOrWhiteSpace(text) && missing is { } value)
            return value;
        var holds = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to;
        problems.Unless(holds, name, text, $"{from} to {to}: {meaning}");
        return holds ? number : from;
    }
}
