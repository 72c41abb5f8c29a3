using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>Finds for every tensor of a model its values, running mean and moments in a published checkpoint, and lists all that does not fit.</summary>
internal sealed class PublishedMatch
{
    private readonly Dictionary<string, TorchTensor> _weights = [];
    private readonly Dictionary<string, TorchTensor> _means = [];
    private readonly Dictionary<string, PublishedMoments> _moments = [];
    private readonly List<string> _problems = [];

    internal PublishedMatch(PublishedCheckpoint published, LznModel model)
    {
        var all = model.Weights();
        foreach (var name in PublishedName.All)
            Match(name, [.. all.Where(each => LznModel.PartOf(each.Key) == name.Part)], published.Parts.FirstOrDefault(part => part.Name == name));
        Needed = all.Count;
    }

    /// <summary>Values, by the name that the model gives a tensor.</summary>
    internal IReadOnlyDictionary<string, TorchTensor> Weights => _weights;

    /// <summary>Running means of the trained parameters.</summary>
    internal IReadOnlyDictionary<string, TorchTensor> Means => _means;

    /// <summary>Of the parameters that Adam has changed.</summary>
    internal IReadOnlyDictionary<string, PublishedMoments> Moments => _moments;

    /// <summary>One line for each tensor that is missing, unexpected or of another form.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>Tensors of the model.</summary>
    internal int Needed { get; }

    private void Match(PublishedName name, List<KeyValuePair<string, Tensor>> needed, PublishedPart? part)
    {
        var ours = needed.ToDictionary(each => name.Of(each.Key), each => each);
        var differences = TensorForms.Differences(
            ours.ToDictionary(each => each.Key, each => TensorForms.Of(each.Value.Value)),
            part?.State.ToDictionary(each => each.Key, each => FormOf(each.Value)) ?? []).ToList();
        _problems.AddRange(differences.Select(difference => $"{name.Key}.{difference}"));
        if (part is null || differences.Count > 0)
            return;
        foreach (var (key, tensor) in part.State)
            _weights[ours[key].Key] = tensor;
        MatchTraining(part, [.. part.State.Select(each => ours[each.Key]).Where(each => each.Value is Parameter)]);
    }

    /// <summary>Running means and moments have numbers and no names: they are in the order of the parameters in the state dictionary, where buffers stand between.</summary>
    private void MatchTraining(PublishedPart part, List<KeyValuePair<string, Tensor>> parameters)
    {
        var trained = parameters.Where(each => each.Value.requires_grad).ToList();
        Compare($"{part.Name.AverageKey}.shadow_params", part.Average?.Means ?? [], trained);
        foreach (var (mean, parameter) in (part.Average?.Means ?? []).Zip(trained))
            _means[parameter.Key] = mean;
        if (part.Group?.Moments is not { } moments || moments.All(each => each is null))
            return;
        Compare($"{PublishedCheckpoint.Optimizer}, exp_avg of {part.Name.Key}", [.. moments.Select(each => each?.Mean)], parameters);
        Compare($"{PublishedCheckpoint.Optimizer}, exp_avg_sq of {part.Name.Key}", [.. moments.Select(each => each?.Square)], parameters);
        foreach (var (moment, parameter) in moments.Zip(parameters).Where(each => each.First is not null))
            _moments[parameter.Key] = moment!;      // just filtered
    }

    /// <param name="given">In the order of the parameters; null where there is none, as it may be for one that is not trained.</param>
    private void Compare(string what, IReadOnlyList<TorchTensor?> given, List<KeyValuePair<string, Tensor>> needed)
    {
        if (given.Count != needed.Count)
            _problems.Add($"{what}: {given.Count} tensors, needed {needed.Count}");
        foreach (var (index, (tensor, parameter)) in given.Zip(needed).Index())
        {
            var form = TensorForms.Of(parameter.Value);
            if (tensor is null ? parameter.Value.requires_grad : FormOf(tensor) != form)
                _problems.Add($"{what}[{index}]: {(tensor is null ? "missing" : FormOf(tensor))}, needed {form} of {parameter.Key}");
        }
    }

    private static string FormOf(TorchTensor tensor) => TensorForms.Of(tensor.Storage.Type, tensor.Shape);
}
