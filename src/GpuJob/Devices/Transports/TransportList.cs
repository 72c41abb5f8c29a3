using LznPipeline.GpuJob.Devices.Nccl;
using TorchSharp;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>The transports that there are.</summary>
internal static class TransportList
{
    /// <summary>Stands for the best of those that all ranks have.</summary>
    internal const string Automatic = "auto";

    /// <summary>All that can carry tensors of such devices, the best first. Sockets, the last, are always there.</summary>
    internal static List<ITransport> For(DeviceType device) => device is DeviceType.CUDA
        ? [new NcclTransport(NcclLibrary.Find(NcclLibrary.Places(Environment.GetEnvironmentVariable)), CudaDriver.Find()), new SocketTransport()]
        : [new SocketTransport()];
}
