namespace LznPipeline.GpuJob.Checkpoints.Pytorch;

/// <summary>What the few allowed names of a pickle stand for.</summary>
internal static class TorchObjects
{
    /// <summary>What calling a name gives.</summary>
    /// <exception cref="InvalidDataException">It cannot be called, or not with such arguments.</exception>
    internal static object? Make(PickleGlobal callee, object?[] arguments)
    {
        if (callee == PickleGlobal.OrderedDict && arguments.Length == 0)
            return new OrderedDictionary<object, object?>();
        if (callee == PickleGlobal.RebuildTensor && arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..])
            return TorchTensor.Checked(storage, offset, Numbers(shape), Numbers(strides));
        if (callee == PickleGlobal.RebuildParameter && arguments is [TorchTensor tensor, ..])
            return tensor;
        throw new InvalidDataException($"it calls '{callee}' with {arguments.Length} arguments that do not fit.");
    }

    /// <summary>The storage that a persistent id names: ("storage", its class, its key in the archive, a device, its number of elements).</summary>
    /// <exception cref="InvalidDataException">The id names something else.</exception>
    internal static TorchStorage Storage(object? id)
    {
        if (id is object?[] and ["storage", PickleGlobal global, string key, string, long count]
            && TensorType.All.FirstOrDefault(type => PickleGlobal.Storage(type) == global) is { } type && count >= 0)
            return new TorchStorage(key, type, count);
        throw new InvalidDataException("it refers to something outside of it that is no storage of elements.");
    }

    private static long[] Numbers(object?[] tuple) =>
        [.. tuple.Select(each => each as long? ?? throw new InvalidDataException("a tensor's shape or strides are no whole numbers."))];
}
