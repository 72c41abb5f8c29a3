using LznPipeline.GpuJob.Pickle;

namespace LznPipeline.GpuJob.Commands.Checkpoints;

/// <summary>Finds the tensors in whatever was saved.</summary>
internal static class TensorWalk
{
    /// <summary>Deeper than any state dictionary. A pickle can hold itself, and so be without end.</summary>
    private const int MaxDepth = 32;

    /// <summary>A pickle can also hold one value very often.</summary>
    private const int MaxValues = 1_000_000;

    /// <exception cref="InvalidDataException">The values are nested too deep, or too many.</exception>
    internal static IReadOnlyList<PickleValue> Of(PickleValue root)
    {
        var (tensors, visited) = (new List<PickleValue>(), 0);
        Visit(root, 0);
        return tensors;

        void Visit(PickleValue value, int depth)
        {
            if (depth > MaxDepth || ++visited > MaxValues)
                throw new InvalidDataException($"It has more than {MaxValues} values, or values nested deeper than {MaxDepth}: {value.Path}");
            if (value.Value is TorchTensor)
                tensors.Add(value);
            foreach (var inner in value.IsDictionary ? value.Entries().Select(entry => entry.Value) : value.IsList ? value.Items() : [])
                Visit(inner, depth + 1);
        }
    }
}
