using Lzn.Torch;
using LznPipeline.GpuJob.Devices.Libtorch;

namespace LznPipeline.GpuJob.Devices.Transports;

internal static partial class TransportList
{
    static partial void AddWider(List<ITransport> transports) =>
        transports.AddRange(new[] { Backend.Nccl, Backend.Gloo }.Where(backend => ProcessGroup.Available.HasFlag(backend)).Select(backend => new LibtorchTransport(backend)));
}
