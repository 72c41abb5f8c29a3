using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data.Batches;

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
            throw new BadInputException($"{batchSize} images of {size} pixels a side are {(long)batchSize * _imageBytes} bytes, more than a batch may have on one device, {int.MaxValue}. Use more devices, or lower training.batchSize.");
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
