using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Small;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>A small convolutional classifier whose last layers serve as features where no feature network is named.</summary>
internal sealed class FeatureClassifier : nn.Module<Tensor, ImageFeatures>
{
    /// <summary>Length of the pooled features.</summary>
    internal const int Features = 128;

    /// <summary>Channels of the middle feature map that give spatial features; as many as the published spatial Frechet distance takes of Inception.</summary>
    private const int SpatialChannels = 7;

    /// <summary>Places a side of the spatial features; finer maps are pooled.</summary>
    private const int SpatialSide = 8;

    /// <summary>Of a colour image after <see cref="Pixels.Fold"/>.</summary>
    private const int FoldedChannels = 12;

    private readonly List<(Conv Convolution, BatchNorm2d Norm)> _early;
    private readonly List<(Conv Convolution, BatchNorm2d Norm)> _late;
    private readonly Dense _head;

    internal FeatureClassifier(int classes, Generator generator)
        : base(nameof(FeatureClassifier))
    {
        var layers = new Layers(generator);
        _early = [Block("conv1", layers, FoldedChannels, 32, stride: 1), Block("conv2", layers, 32, 64, stride: 2)];
        _late = [Block("conv3", layers, 64, 96, stride: 1), Block("conv4", layers, 96, Features, stride: 2)];
        register_module("head", _head = layers.Dense(Features, classes));
    }

    /// <param name="images">[B, 3, S, S] in [-1, 1], S even.</param>
    public override ImageFeatures forward(Tensor images)
    {
        var middle = Run(_early, Pixels.Fold(images));
        var pooled = Run(_late, middle).mean([2, 3]);
        var places = middle.narrow(1, 0, SpatialChannels);
        if (places.shape[2] > SpatialSide)
            places = nn.functional.adaptive_avg_pool2d(places, [SpatialSide, SpatialSide]);
        return new ImageFeatures(pooled, _head.call(pooled), places.flatten(1));
    }

    private static Tensor Run(List<(Conv Convolution, BatchNorm2d Norm)> blocks, Tensor x) =>
        blocks.Aggregate(x, (h, block) => nn.functional.relu(block.Norm.call(block.Convolution.call(h))));

    private (Conv Convolution, BatchNorm2d Norm) Block(string name, Layers layers, long inputs, long outputs, long stride)
    {
        var (convolution, norm) = (layers.Conv(inputs, outputs, stride: stride, gain: Math.Sqrt(2)), nn.BatchNorm2d(outputs));
        register_module(name, convolution);
        register_module($"{name}_norm", norm);
        return (convolution, norm);
    }
}
