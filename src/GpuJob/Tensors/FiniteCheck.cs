namespace LznPipeline.GpuJob.Tensors;

/// <summary>Looks at tensors on their way through: which of them hold NaN or infinity?</summary>
internal sealed class FiniteCheck
{
    private readonly List<string> _broken = [];

    /// <summary>Names of the tensors that do, as far as they were read.</summary>
    internal IReadOnlyList<string> Broken => _broken;

    /// <summary>The same tensor, looked at when it is read.</summary>
    internal TensorSource Watch(string name, TensorSource source) => source with
    {
        Read = () =>
        {
            var tensor = source.Read();
            if (!tensor.isfinite().all().item<bool>())
                _broken.Add(name);
            return tensor;
        },
    };
}
