using LznPipeline.GpuJob.Data.Reading;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>Some images that threads decode and paint while whoever wants them computes something else.</summary>
internal sealed class PaintedImages : IDisposable
{
    private readonly BatchBuffer _buffer;
    private readonly Task _painting;
    private readonly Func<Tensor, Tensor> _finish;

    private PaintedImages(BatchBuffer buffer, Task painting, Func<Tensor, Tensor> finish) => (_buffer, _painting, _finish) = (buffer, painting, finish);

    /// <summary>Begins.</summary>
    /// <param name="size">Side of an image in pixels.</param>
    /// <param name="tools">Makes what one thread needs.</param>
    /// <param name="paint">Paints the image of a position. Computes nothing with tensors.</param>
    /// <param name="finish">Makes what is taken from all images, float32 [count, 3, S, S] in [-1, 1]; runs on the taker's thread.</param>
    internal static PaintedImages Begin<TTools>(
        int count, int size, int threads, Func<TTools> tools, Action<int, TTools, BatchBuffer> paint, Func<Tensor, Tensor> finish)
    {
        var buffer = new BatchBuffer(count, views: 1, size, CPU);
        return new PaintedImages(buffer, Task.Run(() => Together.Do(count, threads, tools, (position, own) => paint(position, own, buffer))), finish);
    }

    /// <summary>Waits for the images, once, and ends this. They belong to the dispose scope of whoever takes them.</summary>
    /// <remarks>Throws what went wrong with an image.</remarks>
    internal Tensor Take()
    {
        using (this)
        {
            _painting.GetAwaiter().GetResult();
            return _finish(_buffer.ToBatch(CPU).Views[0]);
        }
    }

    /// <summary>For images that nobody takes. Waits as well: threads must not paint into memory that is gone.</summary>
    public void Dispose()
    {
        _painting.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        _buffer.Dispose();
    }
}
