using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>
/// Tells the velocity of a noisy image towards its image: a U-Net at half the resolution and below, under the condition of latent, label and time.
/// </summary>
internal sealed class SmallDecoder : ImageDecoder
{
    private readonly SmallDecoderRecipe _recipe;
    private readonly Linear _condition1;
    private readonly Linear _condition2;
    private readonly Conv2d _stem;
    private readonly List<List<ResidualBlock>> _down = [];
    private readonly List<Conv2d> _halve = [];
    private readonly ResidualBlock _middle;
    private readonly List<List<ResidualBlock>> _up = [];
    private readonly List<Conv2d> _double = [];
    private readonly GroupNorm _norm;
    private readonly Conv2d _output;

    internal SmallDecoder(SmallDecoderRecipe recipe, int latentDimension, int classes, Layers layers)
        : base(nameof(SmallDecoder))
    {
        _recipe = recipe;
        var condition = recipe.ConditionDimension;
        register_module("condition1", _condition1 = layers.Linear(latentDimension + classes + condition, condition));
        register_module("condition2", _condition2 = layers.Linear(condition, condition));
        register_module("stem", _stem = layers.Conv2d(SmallEncoder.FoldedChannels, recipe.Channels[0]));

        var levels = recipe.Channels.Length;
        for (var level = 0; level < levels; level++)
        {
            _down.Add(Blocks(layers, $"down{level}", recipe.Channels[Math.Max(level - 1, 0)], recipe.Channels[level]));
            if (level < levels - 1)
                _halve.Add(Registered($"halve{level}", layers.Conv2d(recipe.Channels[level], recipe.Channels[level], stride: 2)));
        }

        register_module("middle", _middle = new ResidualBlock(layers, recipe.Channels[^1], recipe.Channels[^1], condition));
        for (var level = 0; level < levels; level++)
        {
            _up.Add(Blocks(layers, $"up{level}", recipe.Channels[level] * 2, recipe.Channels[level]));
            if (level < levels - 1)
                _double.Add(Registered($"double{level}", layers.Conv2d(recipe.Channels[level + 1], recipe.Channels[level], kernel: 1)));
        }

        register_module("norm", _norm = Layers.Norm(recipe.Channels[0]));
        register_module("output", _output = layers.Conv2d(recipe.Channels[0], SmallEncoder.FoldedChannels, gain: 0));
    }

    public override Tensor forward(Tensor latents, Tensor labels, Tensor t, Tensor xt)
    {
        var condition = Condition(latents, labels, t).As(xt);
        var h = _stem.call(Pixels.Fold(xt));
        var skips = new Stack<Tensor>();
        for (var level = 0; level < _down.Count; level++)
        {
            h = Run(_down[level], h, condition);
            skips.Push(h);
            if (level < _halve.Count)
                h = _halve[level].call(h);
        }

        h = _middle.call(h, condition);
        for (var level = _up.Count - 1; level >= 0; level--)
        {
            if (level < _double.Count)
                h = Pixels.Double(_double[level].call(h));
            h = Run(_up[level], cat([h, skips.Pop()], 1), condition);
        }

        return Pixels.Unfold(_output.call(NormSilu.Forward(_norm, h)));
    }

    private Tensor Condition(Tensor latents, Tensor labels, Tensor t)
    {
        var all = cat([latents, labels, TimeEmbedding.Of(t, _recipe.ConditionDimension)], 1);
        return nn.functional.silu(_condition2.call(nn.functional.silu(_condition1.call(all))));
    }

    private static Tensor Run(List<ResidualBlock> blocks, Tensor x, Tensor condition) => blocks.Aggregate(x, (h, block) => block.call(h, condition));

    private List<ResidualBlock> Blocks(Layers layers, string name, long inputs, long outputs) =>
        [.. Enumerable.Range(0, _recipe.Blocks).Select(index =>
            Registered($"{name}_block{index}", new ResidualBlock(layers, index == 0 ? inputs : outputs, outputs, _recipe.ConditionDimension)))];

    private T Registered<T>(string name, T module)
        where T : nn.Module
    {
        register_module(name, module);
        return module;
    }
}
