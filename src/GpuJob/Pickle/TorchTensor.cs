using LznPipeline.GpuJob.Tensors;

namespace LznPipeline.GpuJob.Pickle;

/// <summary>Elements of a checkpoint that one or more tensors look at.</summary>
/// <param name="Key">Its name in the archive, <c>data/KEY</c>.</param> <param name="Count">Elements.</param>
internal sealed record TorchStorage(string Key, TensorType Type, long Count);

/// <summary>A tensor of a checkpoint, as its pickle describes it. No element is read before it is asked for.</summary>
/// <param name="Offset">Index of its first element in the storage.</param> <param name="Strides">In elements, one for each dimension.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>libtorch's own bound.</summary>
    private const int MaxDimensions = 64;

    internal long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Elements of the storage from the first to the last that this tensor looks at.</summary>
    internal long Span => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (extent, stride) => (extent - 1) * stride).Sum();

    /// <summary>Whether its elements lie in the order of its shape, without gaps.</summary>
    internal bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var dimension = Shape.Length - 1; dimension >= 0; dimension--)
            {
                if (Shape[dimension] != 1 && Strides[dimension] != expected)
                    return Count == 0;
                expected *= Shape[dimension];
            }

            return true;
        }
    }

    /// <summary>A tensor that lies within its storage, with no more elements than that has.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    internal static TorchTensor Checked(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        // Formed in Int128 and cut off early: hostile extents overflow a long into something harmless.
        var (count, bound, last) = (Int128.One, Int128.One, (Int128)offset);
        var plausible = offset >= 0 && shape.Length == strides.Length && shape.Length <= MaxDimensions && shape.All(extent => extent >= 0) && strides.All(stride => stride >= 0);
        foreach (var (extent, stride) in plausible ? shape.Zip(strides) : [])
        {
            count = Int128.Min(count * extent, long.MaxValue);
            bound = Int128.Min(bound * Math.Max(extent, 1), long.MaxValue);
            last = Int128.Min(last + (Int128)Math.Max(extent - 1, 0) * stride, long.MaxValue);
        }

        if (!plausible || bound == long.MaxValue || count > storage.Count || (count > 0 && last >= storage.Count))
            throw new InvalidDataException($"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} does not lie within its storage '{storage.Key}' of {storage.Count} elements.");
        return new TorchTensor(storage, offset, shape, strides);
    }
}
