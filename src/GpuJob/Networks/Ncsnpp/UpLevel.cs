using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>One resolution of the way up: stages that each take in a feature map of the way down, perhaps an image read out, and the step to the next resolution.</summary>
internal sealed class UpLevel
{
    private readonly List<Stage> _stages = [];
    private readonly OutputHead? _head;
    private readonly Func<Tensor, Tensor, Tensor> _double = (features, _) => features;

    /// <param name="inputs">Channels from the level below.</param> <param name="skips">Channels of the feature maps taken in, in order.</param>
    internal UpLevel(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int level, int inputs, IReadOnlyList<int> skips)
    {
        var channels = options.Channels[level];
        for (var index = 0; index < skips.Count; index++)
        {
            var attends = index == skips.Count - 1 && options.AttendsAt(level);
            _stages.Add(new Stage(options, layers, all, (index == 0 ? inputs : channels) + skips[index], channels, options.ConditionDimension, attends));
        }

        if (options.Progressive == Progressive.OutputSkip)
            _head = new OutputHead(options, layers, all, channels);
        if (level == 0)
            return;
        if (options.ResblockType == ResblockType.Biggan)
        {
            var block = all.Next(new ResnetBlockBigGan(options, layers, channels, channels, options.ConditionDimension, Resampling.Double(options)));
            _double = block.call;
        }
        else
        {
            var convolution = all.Next(new Upsample(options, layers, channels));
            _double = (features, _) => convolution.call(features);
        }
    }

    /// <param name="skips">The last is taken first.</param>
    /// <returns>Features at the next resolution (at this one from the last level), and the image read out at this one.</returns>
    internal (Tensor Features, Tensor? Image) Forward(Tensor features, Stack<Tensor> skips, Tensor condition)
    {
        foreach (var stage in _stages)
        {
            using var joined = cat([features, skips.Pop()], 1);
            features = stage.Forward(joined, condition);
        }

        return (_double(features, condition), _head?.Forward(features));
    }
}
