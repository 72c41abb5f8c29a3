using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>The residual blocks of one resolution, after a convolution that halves it if told to.</summary>
internal sealed class EncoderStage : nn.Module<Tensor, Tensor>
{
    private readonly Conv? _halve;
    private readonly List<ResidualBlock> _blocks = [];

    internal EncoderStage(Layers layers, long inputs, long outputs, int blocks, bool halve)
        : base(nameof(EncoderStage))
    {
        if (halve)
            register_module("halve", _halve = layers.Conv(inputs, inputs, stride: 2));
        for (var index = 0; index < blocks; index++)
        {
            var block = new ResidualBlock(layers, index == 0 ? inputs : outputs, outputs, condition: 0);
            register_module($"block{index}", block);
            _blocks.Add(block);
        }
    }

    public override Tensor forward(Tensor x) =>
        _blocks.Aggregate(_halve is null ? x : _halve.call(x), (h, block) => block.call(h, null));
}
