using System.CommandLine;
using System.Globalization;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Transports;
using LznPipeline.Shared.Options;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>What the command line says of the processes that train together.</summary>
internal static class GroupOptions
{
    private const double LongestTimeout = 86_400;

    private static readonly Option<int?> Devices = new("--devices")
    {
        Description =
            $"Processes on this machine that train together, each with its part of every batch. Left out: the setting {Topology.DevicesSetting}, or one.",
    };

    private static readonly Option<double> Timeout = new("--group-timeout")
    {
        Description = "Seconds that processes wait for each other, to come together and in every exchange.",
        DefaultValueFactory = _ => GroupLaunch.DefaultTimeout.TotalSeconds,
    };

    private static readonly Option<string> Transport = new("--transport")
    {
        Description = "What carries tensors between processes: nccl (between CUDA devices), sockets (always there), or auto for the best that all have.",
        DefaultValueFactory = _ => TransportList.Automatic,
    };

    private static readonly Option<int> LocalRank = new("--local-rank")
    {
        Description = "Which process of its machine this is; set by the first one.",
        Hidden = true
    };

    internal static void AddTo(Command command)
    {
        command.Options.Add(Devices);
        command.Options.Add(Timeout);
        command.Options.Add(Transport);
        command.Options.Add(LocalRank);
    }

    /// <summary>How many processes will share the processors, as far as it can be told before anything is run.</summary>
    internal static int ProcessesKnown(ParseResult parsed)
    {
        if (parsed.Errors.Count > 0)
            return 1;       // nothing will be run
        _ = int.TryParse(Environment.GetEnvironmentVariable(Topology.DevicesSetting), CultureInfo.InvariantCulture, out var set);
        return Math.Max(1, parsed.GetValue(Devices) ?? set);
    }

    /// <param name="arguments">The command line without these options, for the machine's other processes.</param>
    /// <exception cref="OptionsException">A setting is missing or out of range.</exception>
    internal static GroupLaunch Read(ParseResult parsed, IEnumerable<string> arguments)
    {
        var (timeout, transport) = (parsed.GetValue(Timeout), parsed.GetValue(Transport)!);       // both have defaults
        var problems = new Problems();
        problems.Unless(timeout is >= 1 and <= LongestTimeout, Timeout.Name, timeout, $"1 to {LongestTimeout} seconds");
        problems.ThrowIfAny();
        var topology = Topology.Read(parsed.GetValue(Devices), parsed.GetValue(LocalRank), Environment.GetEnvironmentVariable);
        return new GroupLaunch
        {
            Topology = topology,
            Device = ComputeDevice.Read(parsed, topology),
            Timeout = TimeSpan.FromSeconds(timeout),
            Transport = transport,
            Arguments =
                [.. arguments, .. ComputeDevice.Arguments(parsed), Timeout.Name, timeout.ToString(CultureInfo.InvariantCulture), Transport.Name, transport],
            Console = Console.Out,
        };
    }
}

/// <summary>How the processes of a group come to be.</summary>
internal sealed record GroupLaunch
{
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    internal Topology Topology { get; init; } = Topology.Single;

    /// <summary>Where this process computes.</summary>
    internal Device Device { get; init; } = CPU;

    /// <summary>
    /// How long ranks wait for each other: to join, and in every exchange. Longer than storage may be away, since the others wait while rank 0 saves.
    /// </summary>
    internal TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>A transport's name, or <see cref="TransportList.Automatic"/>.</summary>
    internal string Transport { get; init; } = TransportList.Automatic;

    /// <summary>The command line of the node's other processes, but for what tells them apart.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where the output of the node's other processes goes.</summary>
    internal TextWriter Console { get; init; } = TextWriter.Null;
}
