using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>From one resolution to the next lower one: the feature map, and beside it the image where it enters there.</summary>
internal sealed class DownStep
{
    private readonly Func<Tensor, Tensor?, Tensor> _halve;
    private readonly Func<Tensor, Tensor, (Tensor Features, Tensor Image)> _enter;

    /// <param name="imageChannels">Channels of the image, or of what <see cref="ProgressiveInput.Residual"/> has made of it.</param>
    /// <param name="shrink">Halves the image, for <see cref="ProgressiveInput.InputSkip"/>.</param>
    internal DownStep(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int channels, int imageChannels, int condition, nn.Module<Tensor, Tensor>? shrink)
    {
        if (options.ResblockType == ResblockType.Biggan)
        {
            var block = all.Next(new ResnetBlockBigGan(options, layers, channels, channels, condition, Resampling.Halve(options)));
            _halve = block.call;
        }
        else
        {
            var convolution = all.Next(new Downsample(layers, channels));
            _halve = (features, _) => convolution.call(features);
        }

        switch (options.ProgressiveInput)
        {
            case ProgressiveInput.InputSkip when shrink is not null:
                var skip = all.Next(new InputSkip(layers, imageChannels, channels));
                _enter = (features, image) =>
                {
                    image = shrink.call(image);
                    return (skip.call(image, features), image);
                };
                break;
            case ProgressiveInput.Residual:
                var residual = all.Next(new FirDownsample(options, layers, imageChannels, channels));
                _enter = (features, image) =>
                {
                    image = ResidualBlock.Sum(residual.call(image), features, options.SkipRescale);
                    return (image, image);
                };
                break;
            default:
                _enter = (features, image) => (features, image);
                break;
        }
    }

    internal (Tensor Features, Tensor Image) Forward(Tensor features, Tensor image, Tensor? condition) => _enter(_halve(features, condition), image);
}
