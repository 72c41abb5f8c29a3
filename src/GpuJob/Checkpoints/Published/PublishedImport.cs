using System.Text.Json;
using System.Text.Json.Nodes;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>
/// Turns a checkpoint of the published trainers into one of ours. The preset says what the networks look like;
/// learning rates, warm-up and decay are the file's own.
/// </summary>
/// <param name="preset">Name of the preset.</param> <param name="set">Overrides of its fields.</param>
internal sealed class PublishedImport(TorchFile file, string preset, IReadOnlyDictionary<string, JsonElement> set)
{
    private readonly PublishedCheckpoint _published = PublishedCheckpoint.Of(file);

    /// <summary>Where the recipe differs from the preset because the file says so, such as <c>training.emaDecay = 0.9999 (preset: 0.999999)</c>.</summary>
    internal IReadOnlyList<string> Adopted { get; private set; } = [];

    /// <summary>Writes our checkpoint. One tensor at a time stands in memory.</summary>
    /// <param name="classes">Names of the labels; null for their numbers.</param>
    /// <exception cref="OptionsException">There is no such preset or field.</exception>
    /// <exception cref="BadInputException">
    /// Lists every tensor that is missing, unexpected, of another form or not finite, and every setting that is not ours. What was written is worthless then.
    /// </exception>
    internal void Write(Stream to, string[]? classes)
    {
        var recipe = Resolve(set);
        var names = ClassNames(recipe, classes);
        using var model = LznModel.Unfilled(recipe, names.Length);
        var match = new PublishedMatch(_published, model);
        List<string> problems = [.. match.Problems, .. PublishedSettings.Problems(_published), .. _published.OtherKeys.Select(key => $"{key}: unexpected")];
        if (problems.Count > 0)
            throw new BadInputException(Refusal(recipe, match, problems));

        var finite = new FiniteCheck();
        var tensors = Tensors(model, match).Select(each => KeyValuePair.Create(each.Name, finite.Watch(each.Name, each.Source)));
        Checkpoint.Write(to, Adopt(recipe), names, Counters(), [.. tensors]);
        if (finite.Broken.Count > 0)
            throw new BadInputException($"'{file.Name}' was not imported: these tensors have values that are no finite numbers.{Lines(finite.Broken)}");
    }

    private Recipe Resolve(IReadOnlyDictionary<string, JsonElement> overrides)
    {
        var problems = new Problems();
        var recipe = Presets.Resolve(preset, overrides, problems);
        problems.ThrowIfAny();
        return recipe!;     // without problems there is one
    }

    /// <summary>As many as the file has label anchors, where the preset has labels at all.</summary>
    private string[] ClassNames(Recipe recipe, string[]? given)
    {
        if (recipe.Objective is not Objective.Joint)
            return given ?? [];
        var anchors = _published.Parts.FirstOrDefault(part => part.Name.Part == LznModel.LabelAnchorsName)?.State is [{ Value.Shape: [var rows, _] }, ..]
            ? (int)Math.Min(rows, int.MaxValue)
            : 0;
        if (given is not null && given.Length != anchors)
            throw new BadInputException($"--classes names {given.Length} classes, the file has anchors of {anchors}.");
        return given ?? [.. Enumerable.Range(0, anchors).Select(label => $"{label}")];
    }

    private Recipe Adopt(Recipe recipe)
    {
        var fields = JsonSerializer.SerializeToNode(recipe, LznJson.Options);
        var changes = PublishedSettings.Of(_published)
            .Select(setting => (Field: setting.Key, setting.Value, Preset: At(fields, setting.Key)))
            .Where(each => each.Value != each.Preset).ToList();
        Adopted = [.. changes.Select(each => $"{each.Field} = {each.Value} (preset: {each.Preset})")];
        var overrides = set.ToDictionary();
        foreach (var (field, value, _) in changes)
            overrides[field] = JsonSerializer.SerializeToElement(value);
        return Resolve(overrides);
    }

    // the settings are the recipe's own fields
    private static double At(JsonNode? fields, string path) => path.Split('.').Aggregate(fields, (section, name) => section?[name])!.GetValue<double>();

    private TrainingCounters Counters() => new()
    {
        Seed = null,
        Epoch = _published.Epoch,
        Iteration = _published.Iteration,
        Skipped = _published.Schedule is { } schedule ? _published.Iteration - schedule.Steps : 0,
        MeanLoss = null,
        AdamSteps = new(_published.Parts.ToDictionary(part => part.Name.Part, PublishedSettings.StepsOf), StringComparer.Ordinal),
        EmaUpdates = new(_published.Parts.ToDictionary(part => part.Name.Part, part => part.Average!.Updates), StringComparer.Ordinal),      // a match has them
    };

    /// <summary>All tensors in the order in which a training writes them.</summary>
    private IEnumerable<(string Name, TensorSource Source)> Tensors(LznModel model, PublishedMatch match)
    {
        var trained = model.named_parameters().Where(each => each.parameter.requires_grad).ToList();
        foreach (var (name, _) in model.Weights())
            yield return (name, file.Source(match.Weights[name]));
        foreach (var (name, _) in trained)
            yield return (EmaWeights.Prefix + name, file.Source(match.Means[name]));
        foreach (var (name, parameter) in match.Moments.Count > 0 ? trained : [])
        {
            var moments = match.Moments.GetValueOrDefault(name);
            var zeros = new TensorSource(TensorType.Of(parameter.dtype), parameter.shape, () => zeros_like(parameter));
            yield return (Adam.MeanOf(name), moments is null ? zeros : file.Source(moments.Mean));
            yield return (Adam.SquareOf(name), moments is null ? zeros : file.Source(moments.Square));
        }
    }

    private string Refusal(Recipe recipe, PublishedMatch match, List<string> problems)
    {
        var advice = problems.Count * 2 > match.Needed
            ? $"{Environment.NewLine}The file is of another architecture. Presets: {string.Join(", ", Presets.Names)}; --set changes a preset's fields."
            : string.Empty;
        var decoder = recipe.Decoder is { } network ? $", decoder {WordOf(network)}" : string.Empty;
        return $"'{file.Name}' does not fit preset '{preset}' (objective {WordOf(recipe.Objective)}, encoder {WordOf(recipe.Encoder)}{decoder}): "
            + $"{problems.Count} problems.{Lines(problems)}{advice}";
    }

    /// <summary>What a recipe calls an objective or a network.</summary>
    private static string WordOf<T>(T value) => JsonSerializer.SerializeToNode(value, LznJson.Options) switch
    {
        JsonObject network => $"{network["network"]}",
        var word => $"{word}",
    };

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{Environment.NewLine}  {line}"));
}

/// <summary>Finds for every tensor of a model its values, EMA and moments in a published checkpoint, and lists all that does not fit.</summary>
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

    /// <summary>EMA of the trained parameters.</summary>
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

    /// <summary>
    /// EMA weights and moments have numbers and no names: they are in the order of the parameters in the state dictionary, where buffers stand between.
    /// </summary>
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
