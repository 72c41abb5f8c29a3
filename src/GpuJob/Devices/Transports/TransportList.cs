using TorchSharp;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>The transports that this build has.</summary>
internal static partial class TransportList
{
    /// <summary>Stands for the best of those that all ranks have.</summary>
    internal const string Automatic = "auto";

    /// <summary>All that can carry tensors of such devices, the best first. Sockets, the last, are always there.</summary>
    internal static List<ITransport> For(DeviceType device)
    {
        List<ITransport> all = [];
        AddWider(all);
        all.Add(new SocketTransport());
        return all.FindAll(transport => transport.Carries(device));
    }

    /// <summary>Adds what the binding to libtorch offers beyond the public package, in builds that have it.</summary>
    static partial void AddWider(List<ITransport> transports);
}
