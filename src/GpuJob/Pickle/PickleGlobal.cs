using LznPipeline.GpuJob.Tensors;

namespace LznPipeline.GpuJob.Pickle;

/// <summary>A Python class or function that a pickle names. Nothing is ever looked up or run by it.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <summary>The class of dictionaries that keep their order. Those read here do anyway.</summary>
    internal static PickleGlobal OrderedDict { get; } = new("collections", "OrderedDict");

    /// <summary>(storage, offset, shape, strides, requires grad, hooks, and in newer files metadata) to a tensor.</summary>
    internal static PickleGlobal RebuildTensor { get; } = new("torch._utils", "_rebuild_tensor_v2");

    /// <summary>(tensor, requires grad, hooks) to a parameter, which is a tensor here.</summary>
    internal static PickleGlobal RebuildParameter { get; } = new("torch._utils", "_rebuild_parameter");

    /// <summary>All that a checkpoint may name.</summary>
    private static readonly Dictionary<PickleGlobal, PickleGlobal> Allowed =
        new[] { OrderedDict, RebuildTensor, RebuildParameter }.Concat(TensorType.All.Select(Storage)).ToDictionary(each => each);

    /// <summary>The names of all that a checkpoint may name.</summary>
    internal static string AllowedNames { get; } = string.Join(", ", Allowed.Keys);

    /// <summary>A class of storages.</summary>
    internal static PickleGlobal Storage(TensorType type) => new("torch", type.Storage);

    internal static PickleGlobal? Find(string module, string name) => Allowed.GetValueOrDefault(new PickleGlobal(module, name));

    public override string ToString() => $"{Module}.{Name}";
}
