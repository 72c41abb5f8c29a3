using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>What one iteration learns from.</summary>
/// <param name="Views">One variation of the images, or several of the same images; each float32 [B, 3, S, S] in [-1, 1].</param>
/// <param name="Labels">int64 [B].</param>
/// <remarks>The tensors belong to the dispose scope of whoever asked for the batch.</remarks>
internal sealed record Batch(Tensor[] Views, Tensor Labels);

/// <summary>Gives every iteration its images.</summary>
internal interface IBatchSource : IDisposable
{
    /// <summary>Images in each batch: as many as asked for, or all of the set when there are fewer.</summary>
    int BatchSize { get; }

    /// <summary>Iterations in which every image is seen once, but for those that fill no whole batch.</summary>
    long BatchesPerEpoch { get; }

    /// <summary>The batch of an iteration: the same, bit for bit, whenever and in whatever order batches are asked for.</summary>
    /// <remarks>One thread asks at a time. Asking for the iterations one after the other is fast, because the next ones are made ready meanwhile.</remarks>
    Batch At(long iteration);
}

/// <summary>Which batches there are, and which part of them a device takes.</summary>
/// <param name="BatchSize">Images in a batch, over all devices together.</param>
/// <param name="Views">Variations of each image.</param>
/// <param name="Rank">Number of this device, from 0.</param> <param name="Ranks">Number of devices.</param>
internal sealed record BatchPlan(int BatchSize, int Views, long Seed, int Rank = 0, int Ranks = 1)
{
    /// <summary>As a recipe trains: a representation sees two views of each image.</summary>
    internal static BatchPlan For(Recipe recipe, long seed) => new(recipe.Training.BatchSize, recipe.Objective is Objective.Representation ? 2 : 1, seed);
}

/// <summary>Memory in which threads paint a batch, as bytes; used for one batch after the other.</summary>
internal sealed unsafe class BatchBuffer : IDisposable
{
    private readonly Tensor[] _views;       // uint8 [B, 3, S, S]
    private readonly byte*[] _first;
    private readonly int _imageBytes;
    private readonly long[] _labels;

    /// <param name="batchSize">Images; <paramref name="size"/> is their side in pixels.</param>
    /// <exception cref="BadInputException">One device cannot hold so many.</exception>
    internal BatchBuffer(int batchSize, int views, int size, Device device)
    {
        Size = size;
        _imageBytes = Picture.Channels * size * size;
        if ((long)batchSize * _imageBytes > int.MaxValue)
            throw new BadInputException($"{batchSize} images of {size} pixels a side are {(long)batchSize * _imageBytes} bytes, "
                + $"more than a batch may have on one device, {int.MaxValue}. Use more devices, or lower training.batchSize.");
        _labels = new long[batchSize];
        _views = [.. Enumerable.Range(0, views).Select(_ => Bytes([batchSize, Picture.Channels, size, size], device))];
        _first = new byte*[views];
        for (var view = 0; view < views; view++)
            _first[view] = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_views[view].bytes));        // memory of a tensor does not move
    }

    internal int BatchSize => _labels.Length;

    internal int Views => _views.Length;

    /// <summary>Side of its images in pixels.</summary>
    internal int Size { get; }

    /// <summary>Where an image is painted, [3, S, S].</summary>
    internal Span<byte> Image(int view, int position) => new(_first[view] + (long)position * _imageBytes, _imageBytes);

    internal ref long Label(int position) => ref _labels[position];

    /// <summary>The batch on a device; the buffer may be painted anew at once.</summary>
    internal Batch ToBatch(Device device)
    {
        using var scope = NewDisposeScope();
        var views = _views.Select(bytes => bytes.to(device).to_type(ScalarType.Float32).div_(127.5).sub_(1).MoveToOuterDisposeScope()).ToArray();
        return new Batch(views, tensor(_labels, device: device).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();
    }

    /// <summary>Pinned for a graphics card, which then fetches it by itself.</summary>
    private static Tensor Bytes(long[] shape, Device device)
    {
        using var scope = NewDisposeScope();
        var bytes = empty(shape, ScalarType.Byte);
        return (device.type is TorchSharp.DeviceType.CUDA ? bytes.pin_memory() : bytes).DetachFromDisposeScope();
    }
}
