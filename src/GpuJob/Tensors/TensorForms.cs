using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tensors;

/// <summary>Compares the tensors that a file has with those that are needed, by element type and shape, written like <c>F32 [4, 8, 1, 1]</c>.</summary>
internal static class TensorForms
{
    internal static string Of(Tensor tensor) => Of(TensorType.Of(tensor.dtype), tensor.shape);

    internal static string Of(TensorType type, IEnumerable<long> shape) => $"{type.Safetensors} [{string.Join(", ", shape)}]";

    /// <summary>All differences, those of needed tensors first, in their order.</summary>
    internal static IEnumerable<TensorDifference> Differences(IReadOnlyDictionary<string, string> needed, IReadOnlyDictionary<string, string> given) =>
        needed.Select(each => new TensorDifference(each.Key, each.Value, given.GetValueOrDefault(each.Key)))
            .Concat(given.Where(each => !needed.ContainsKey(each.Key)).Select(each => new TensorDifference(each.Key, null, each.Value)))
            .Where(each => each.Needed != each.Given);
}

/// <summary>What is wrong with one tensor.</summary>
/// <param name="Needed">Its form; null if it is not needed.</param> <param name="Given">Its form in the file; null if it is not there.</param>
internal sealed record TensorDifference(string Name, string? Needed, string? Given)
{
    internal bool IsUnexpected => Needed is null;

    public override string ToString() => (Needed, Given) switch
    {
        (null, _) => $"{Name}: unexpected, {Given}",
        (_, null) => $"{Name}: missing, {Needed}",
        _ => $"{Name}: {Given}, needed {Needed}",
    };
}
