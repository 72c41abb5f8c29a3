using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>A residual block, with attention after it where its resolution has it.</summary>
internal sealed class Stage
{
    private readonly ResidualBlock _block;
    private readonly AttentionBlock? _attention;

    internal Stage(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int inputs, int outputs, int condition, bool attends)
    {
        _block = all.Next<ResidualBlock>(options.ResblockType == ResblockType.Biggan
            ? new ResnetBlockBigGan(options, layers, inputs, outputs, condition)
            : new ResnetBlockDdpm(options, layers, inputs, outputs, condition));
        _attention = attends ? all.Next(new AttentionBlock(options, layers, outputs)) : null;
    }

    internal Tensor Forward(Tensor x, Tensor? condition)
    {
        var h = _block.call(x, condition);
        return _attention is null ? h : _attention.call(h);
    }
}
