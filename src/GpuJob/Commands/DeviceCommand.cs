using System.CommandLine;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Commands;

/// <summary><c>lzn-gpu device</c>: loads libtorch, lets it compute something small, and says what it is and where it computes.</summary>
/// <remarks><c>lzn doctor</c> asks it.</remarks>
internal static class DeviceCommand
{
    internal static Command Create()
    {
        var command = new Command("device", "Say which libtorch this is, and where it computes.");
        ComputeDevice.AddTo(command);
        command.SetAction((parsed, _) => CommandRun.RunAsync(
            graceful =>
            {
                Console.WriteLine(Describe(ComputeDevice.Read(parsed)));
                return Task.FromResult(Shared.Jobs.ExitCode.Done);
            },
            failed => JobEnd.Of(IsMissing(failed) ? Missing(failed) : failed)));
        return command;
    }

    /// <exception cref="InvalidOperationException">It computes wrongly.</exception>
    internal static string Describe(Device device)
    {
        using var scope = NewDisposeScope();
        var tensor = ones([2, 3], device: device);
        var sum = tensor.matmul(tensor.T).sum().to(float32).item<float>();     // four elements of 3
        return sum == 12
            ? $"{__version__} computes on {device}, with {get_num_threads()} threads"
            : throw new InvalidOperationException($"libtorch {__version__} says on {device} that 4 times 3 is {sum}.");
    }

    private static BadInputException Missing(Exception failed) => new($"libtorch cannot be loaded: {failed.GetBaseException().Message}", failed);

    /// <summary>The package's own words for a native library that does not load, and the runtime's.</summary>
    private static bool IsMissing(Exception failed) => failed is TypeInitializationException or DllNotFoundException or NotSupportedException;
}
