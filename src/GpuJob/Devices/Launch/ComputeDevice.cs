using System.CommandLine;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.Shared.Options;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>Where networks compute, as the command line or the environment says.</summary>
internal static class ComputeDevice
{
    internal const string Setting = "LZN_DEVICE";

    private const string Automatic = "auto";
    private const string Processor = "cpu";
    private const string Cuda = "cuda";

    private static readonly Option<string?> DeviceOption = new("--device")
    {
        Description =
            $"Where networks compute: {Processor}, {Cuda}, or {Automatic} for {Cuda} where there is one. Left out: the setting {Setting}, or {Automatic}.",
    };

    internal static void AddTo(Command command) => command.Options.Add(DeviceOption);

    internal static bool IsChosenFor(Command command) => command.Options.Contains(DeviceOption);

    /// <summary>The options that give another process of this machine the same kind of device.</summary>
    internal static IEnumerable<string> Arguments(ParseResult parsed) => parsed.GetValue(DeviceOption) is { } given ? [DeviceOption.Name, given] : [];

    /// <param name="topology">Of the processes that share this machine's devices, one each; left out, there is only this one.</param>
    /// <exception cref="OptionsException">There is no such device, or there are fewer than processes.</exception>
    internal static Device Read(ParseResult parsed, Topology? topology = null) =>
        Choose(parsed.GetValue(DeviceOption), topology ?? Topology.Single, Environment.GetEnvironmentVariable, cuda.is_available() ? cuda.device_count() : 0);

    /// <param name="given">On the command line, or null.</param> <param name="environment">Values of environment variables.</param>
    /// <param name="present">CUDA devices of this machine.</param>
    /// <inheritdoc cref="Read"/>
    internal static Device Choose(string? given, Topology topology, Func<string, string?> environment, int present)
    {
        var set = environment(Setting);
        var (name, value) = given is null && !string.IsNullOrWhiteSpace(set) ? (Setting, set) : (DeviceOption.Name, given ?? Automatic);
        switch (value)
        {
            case Processor:
            case Automatic when present == 0:
                return CPU;
            case Cuda when present == 0:
                throw new OptionsException(
                    name, value, $"{Processor} or {Automatic}: libtorch finds no CUDA device here, and './lzn doctor' says what is missing");
            case Cuda or Automatic:
                return topology.Devices <= present
                    ? new Device(TorchSharp.DeviceType.CUDA, topology.LocalRank)
                    : throw new OptionsException(
                        "--devices", topology.Devices, $"1 to {present}, the CUDA devices of this machine; or choose {DeviceOption.Name} {Processor}");
            default:
                throw new OptionsException(name, value, $"{Processor}, {Cuda} or {Automatic}");
        }
    }
}
