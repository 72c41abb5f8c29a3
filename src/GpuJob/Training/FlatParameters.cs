using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>
/// The parameters of one part of a model, seen as one vector. What an optimizer keeps of them is a vector, too, so that a step starts a few kernels and not a dozen for each
/// parameter: on a fast device, starting them is what takes the time.
/// </summary>
/// <param name="part">Its name.</param> <param name="parameters">Of one type and device, by their names in the model's state dictionary.</param>
internal sealed class FlatParameters(string part, IReadOnlyList<(string Name, Parameter Parameter)> parameters)
{
    internal string Part => part;

    /// <summary>Gives each part of a model its own.</summary>
    internal static List<FlatParameters> ByPart(IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        [.. parameters.GroupBy(each => Networks.LznModel.PartOf(each.Name), StringComparer.Ordinal).Select(part => new FlatParameters(part.Key, [.. part]))];

    /// <returns>A copy, [n].</returns>
    internal Tensor Weights() => Joined([.. parameters.Select(each => each.Parameter.detach().flatten())]);

    /// <returns>A copy, [n], with zeros for parameters without a gradient; null if none has one.</returns>
    internal Tensor? Gradients()
    {
        var given = parameters.Select(each => each.Parameter.grad is { IsInvalid: false } gradient ? gradient.flatten() : null).ToList();
        return given.TrueForAll(gradient => gradient is null) ? null : Joined([.. given.Zip(parameters, (gradient, each) => gradient ?? zeros_like(each.Parameter).flatten())]);
    }

    /// <param name="change">[n].</param>
    internal void Add(Tensor change)
    {
        foreach (var (view, (_, parameter)) in Views(change).Zip(parameters))
            parameter.add_(view);
    }

    /// <summary>A vector's parts that belong to the parameters, by the parameters' names; they share its memory.</summary>
    /// <param name="vector">[n].</param> <returns>Tensors of the parameters' shapes.</returns>
    internal IEnumerable<KeyValuePair<string, Tensor>> Named(Tensor vector) => parameters.Select(each => each.Name).Zip(Views(vector), KeyValuePair.Create);

    /// <remarks>Of a single tensor, as a part with one parameter has, TorchSharp's cat is no copy.</remarks>
    private static Tensor Joined(Tensor[] vectors) => vectors.Length == 1 ? vectors[0].clone() : cat(vectors);

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
