namespace Lzn.Torch;

/// <summary>What carries tensors between the members of a process group. The values are those of native/distributed.cpp.</summary>
[Flags]
public enum Backend
{
    None = 0,

    /// <summary>TCP, for tensors in memory.</summary>
    Gloo = 1,

    /// <summary>For tensors on CUDA devices, one device a member.</summary>
    Nccl = 2,
}
