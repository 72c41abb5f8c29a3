using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tensors;

/// <summary>Moves the elements of tensors to and from streams, part by part: a span ends at 2 GB, a tensor does not.</summary>
internal static class TensorBytes
{
    private const int PartBytes = 1 << 24;

    /// <summary>Writes the elements in the order of the shape, whatever the tensor's strides and device.</summary>
    internal static void Write(Tensor tensor, Stream to)
    {
        using var scope = NewDisposeScope();
        foreach (var part in Parts(tensor.detach().cpu().contiguous()))
            to.Write(part.bytes);
    }

    /// <summary>Fills a tensor with the next bytes of a stream.</summary>
    /// <param name="into">Contiguous, on the CPU.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the tensor is full.</exception>
    internal static void Read(Stream from, Tensor into)
    {
        using var scope = NewDisposeScope();
        foreach (var part in Parts(into))
            from.ReadExactly(part.bytes);
    }

    private static IEnumerable<Tensor> Parts(Tensor contiguous)
    {
        var (count, most) = (contiguous.numel(), PartBytes / contiguous.element_size());
        var flat = contiguous.view(count);
        for (var start = 0L; start < count; start += most)
        {
            using var part = flat.narrow(0, start, Math.Min(most, count - start));
            yield return part;
        }
    }
}
