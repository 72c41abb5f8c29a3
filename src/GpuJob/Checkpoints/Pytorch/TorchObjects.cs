using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;

namespace LznPipeline.GpuJob.Checkpoints.Pytorch;

/// <summary>What the few allowed names of a checkpoint's pickle stand for.</summary>
/// <param name="check">Throws <see cref="InvalidDataException"/> if there is no such storage.</param>
internal sealed class TorchObjects(Action<TorchStorage> check) : IPickleObjects
{
    public string Needs => "A checkpoint needs only tensors, numbers, texts, lists and dictionaries";

    public bool HasBytes => false;

    public string AllowedNames => PickleGlobal.AllowedNames;

    public PickleGlobal? Find(string module, string name) => PickleGlobal.Find(module, name);

    public object? Make(PickleGlobal callee, object?[] arguments)
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
    public object? Find(object? id)
    {
        if (id is object?[] and ["storage", PickleGlobal global, string key, string, long count]
            && TensorType.All.FirstOrDefault(type => PickleGlobal.Storage(type) == global) is { } type && count >= 0)
        {
            var storage = new TorchStorage(key, type, count);
            check(storage);
            return storage;
        }

        throw new InvalidDataException("it refers to something outside of it that is no storage of elements.");
    }

    /// <summary>A state dictionary carries its version numbers as an attribute, which nothing here asks for.</summary>
    public bool TrySetState(object? target, object? state) => target is OrderedDictionary<object, object?> && state is OrderedDictionary<object, object?>;

    private static long[] Numbers(object?[] tuple) =>
        [.. tuple.Select(each => each as long? ?? throw new InvalidDataException("a tensor's shape or strides are no whole numbers."))];
}
