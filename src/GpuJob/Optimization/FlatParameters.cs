using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Optimization;

/// <summary>
/// Parameters of one part of a model, seen as one vector. What an optimizer keeps of them is a vector, too, so that a step starts a few kernels
/// and not a dozen for each parameter.
/// </summary>
/// <remarks>
/// On a fast device, starting kernels is what takes the time, so there a part is one vector. On the processor it is reading and writing memory:
/// there a vector and what is computed from it fit into the caches together. The benchmark "optimizer" compares a step with TorchSharp's
/// optim.Adam: a whole part as one vector took 0.55 of its time over case3-small's 137 tensors, and 3.4 times over case3-cifar10's 919; cut
/// like this, 0.94 and 1.2.
/// </remarks>
/// <param name="part">Its name.</param> <param name="parameters">Of one type and device, by their names in the model's state dictionary.</param>
internal sealed class FlatParameters(string part, IReadOnlyList<(string Name, Parameter Parameter)> parameters)
{
    /// <summary>Numbers in a vector on the processor, at least, unless a part has fewer.</summary>
    private const long CachedNumbers = 1 << 17;

    internal string Part => part;

    /// <summary>Shares the parameters of a model among vectors, each of one part.</summary>
    internal static List<FlatParameters> Of(IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        [.. parameters.GroupBy(each => Networks.LznModel.PartOf(each.Name), StringComparer.Ordinal)
            .SelectMany(part => Cut([.. part]).Select(together => new FlatParameters(part.Key, together)))];

    /// <returns>A copy, [n].</returns>
    /// <remarks>Of a single tensor TorchSharp's cat is no copy.</remarks>
    internal Tensor Weights() => parameters.Count == 1
        ? parameters[0].Parameter.detach().flatten().clone()
        : cat([.. parameters.Select(each => each.Parameter.detach().flatten())]);

    /// <returns>To be read only, as of a single parameter it is no copy; [n], with zeros for parameters without a gradient; null if none has one.</returns>
    internal Tensor? Gradients()
    {
        var given = parameters.Select(each => each.Parameter.grad is { IsInvalid: false } gradient ? gradient.flatten() : null).ToList();
        return given.TrueForAll(gradient => gradient is null)
            ? null
            : cat([.. given.Zip(parameters, (gradient, each) => gradient ?? zeros_like(each.Parameter).flatten())]);
    }

    /// <summary>Adds quotients times a factor to the parameters.</summary>
    /// <param name="numerator">[n].</param> <param name="denominator">[n].</param>
    internal void Add(Tensor numerator, Tensor denominator, double factor)
    {
        foreach (var ((_, parameter), above, below) in parameters.Zip(Views(numerator), Views(denominator)))
            parameter.addcdiv_(above, below, factor);
    }

    /// <summary>A vector's parts that belong to the parameters, by the parameters' names; they share its memory.</summary>
    /// <param name="vector">[n].</param> <returns>Tensors of the parameters' shapes.</returns>
    internal IEnumerable<KeyValuePair<string, Tensor>> Named(Tensor vector) => parameters.Select(each => each.Name).Zip(Views(vector), KeyValuePair.Create);

    private static IEnumerable<List<(string Name, Parameter Parameter)>> Cut(List<(string Name, Parameter Parameter)> all)
    {
        var (together, numbers) = (new List<(string Name, Parameter Parameter)>(), 0L);
        foreach (var each in all)
        {
            together.Add(each);
            numbers += each.Parameter.numel();
            if (numbers < CachedNumbers || !each.Parameter.is_cpu())
                continue;
            yield return together;
            (together, numbers) = ([], 0);
        }

        if (together.Count > 0)
            yield return together;
    }

    private IEnumerable<Tensor> Views(Tensor vector)
    {
        var begin = 0L;
        foreach (var (_, parameter) in parameters)
        {
            yield return vector.narrow(0, begin, parameter.numel()).view(parameter.shape);
            begin += parameter.numel();
        }
    }
}
