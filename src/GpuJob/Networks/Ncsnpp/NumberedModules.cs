using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>All layers of a network in one flat list, whose numbers are their names in the state dictionary. The parts of the network keep the layers that they call.</summary>
internal sealed class NumberedModules : ModuleList<nn.Module>
{
    /// <summary>Gives the module the next number.</summary>
    internal T Next<T>(T module)
        where T : nn.Module
    {
        Add(module);
        return module;
    }
}
