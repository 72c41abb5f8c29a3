using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Tensors;
using static TorchSharp.torch;
using Dictionary = System.Collections.Generic.OrderedDictionary<object, object?>;
using Parameter = TorchSharp.Modules.Parameter;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>Turns one of our checkpoints into what the published trainers save, so that their code can load it.</summary>
/// <param name="fractionsAsTensors">
/// Whether numbers with a fraction, such as learning rates, become tensors of one element. <c>torch.load(weights_only=True)</c> knows no others before
/// PyTorch 2.1; optimizers and schedules work with both.
/// </param>
internal sealed class PublishedExport(Checkpoint checkpoint, bool fractionsAsTensors)
{
    /// <exception cref="Runtime.BadInputException">The checkpoint does not fit its own recipe.</exception>
    internal void Write(Stream to)
    {
        using var model = checkpoint.Build(ema: false);
        var parts = PublishedName.All
            .Select(name => new ExportedPart(name, [.. model.Weights().Where(each => LznModel.PartOf(each.Key) == name.Part)]))
            .Where(part => part.Weights.Count > 0).ToList();
        var root = new Dictionary();
        foreach (var part in parts)
            root[part.Name.Key] = State(part);
        root[PublishedCheckpoint.Optimizer] = Optimizer(parts);
        root[PublishedCheckpoint.Scheduler] = Schedule(parts);
        root[PublishedCheckpoint.Epochs] = checkpoint.Counters.Epoch;
        root[PublishedCheckpoint.Iterations] = checkpoint.Counters.Iteration;
        foreach (var part in parts)
            root[part.Name.AverageKey] = Average(part);
        root[PublishedCheckpoint.LossScaler] = new Dictionary();        // that of full precision
        TorchFileWriter.Write(to, root);
    }

    private Dictionary State(ExportedPart part) =>
        new(part.Weights.Select(each => KeyValuePair.Create<object, object?>(part.Name.Of(each.Key), checkpoint.Tensors.Source(each.Key))));

    private Dictionary Average(ExportedPart part) => new()
    {
        ["decay"] = Fraction(checkpoint.Recipe.Training.EmaDecay),
        ["num_updates"] = checkpoint.Counters.EmaUpdates.GetValueOrDefault(part.Name.Part),
        ["shadow_params"] = part.Trained.Select(name => (object?)checkpoint.Tensors.Source(EmaWeights.Prefix + name)).ToList(),
    };

    /// <summary>Adam's groups, one for each part, and the state of each parameter under its number.</summary>
    private Dictionary Optimizer(List<ExportedPart> parts)
    {
        var (state, groups, number) = (new Dictionary(), new List<object?>(), 0L);
        foreach (var part in parts)
        {
            var numbers = new List<object?>();
            foreach (var name in part.Parameters)
            {
                if (checkpoint.HasOptimizer && part.Trained.Contains(name))
                    state[number] = Moments(part, name);
                numbers.Add(number++);
            }

            groups.Add(Group(part, numbers));
        }

        return new() { ["state"] = state, ["param_groups"] = groups };
    }

    private Dictionary Moments(ExportedPart part, string name)
    {
        var steps = (float)checkpoint.Counters.AdamSteps.GetValueOrDefault(part.Name.Part);
        return new()
        {
            ["step"] = new TensorSource(TensorType.Of(ScalarType.Float32), [], () => tensor(steps)),
            ["exp_avg"] = checkpoint.Tensors.Source(Adam.MeanOf(name)),
            ["exp_avg_sq"] = checkpoint.Tensors.Source(Adam.SquareOf(name)),
        };
    }

    private Dictionary Group(ExportedPart part, List<object?> numbers) => new()
    {
        ["lr"] = Fraction(CurrentRateOf(part)),
        ["betas"] = new[] { Fraction(Adam.Beta1), Fraction(Adam.Beta2) },
        ["eps"] = Fraction(Adam.Epsilon),
        ["weight_decay"] = 0L,
        ["amsgrad"] = false,
        ["maximize"] = false,
        ["foreach"] = null,
        ["capturable"] = false,
        ["differentiable"] = false,
        ["fused"] = false,
        ["initial_lr"] = Fraction(RateOf(part)),
        ["params"] = numbers,
    };

    /// <summary>The state of PyTorch's LinearLR.</summary>
    private Dictionary Schedule(List<ExportedPart> parts)
    {
        var (length, steps) = (checkpoint.Recipe.Training.WarmupIterations, checkpoint.Counters.ScheduleSteps);
        return new()
        {
            ["start_factor"] = Fraction(LearningRateSchedule.WarmUp(0, length)),
            ["end_factor"] = Fraction(1),
            ["total_iters"] = (long)length,
            ["base_lrs"] = parts.Select(part => Fraction(RateOf(part))).ToList(),
            ["last_epoch"] = steps,
            ["verbose"] = false,
            ["_step_count"] = steps + 1,
            ["_get_lr_called_within_step"] = false,
            ["_last_lr"] = parts.Select(part => Fraction(CurrentRateOf(part))).ToList(),
        };
    }

    private double RateOf(ExportedPart part) => LearningRateSchedule.Whole(checkpoint.Recipe.Training, part.Name.Part);

    private double CurrentRateOf(ExportedPart part) => LearningRateSchedule.At(checkpoint.Recipe.Training, part.Name.Part, checkpoint.Counters.ScheduleSteps);

    private object? Fraction(double number) => fractionsAsTensors ? new TensorSource(TensorType.Of(ScalarType.Float64), [], () => tensor(number)) : number;

    /// <summary>A part of the model, its weights in the order of the published state dictionary.</summary>
    private sealed record ExportedPart(PublishedName Name, List<KeyValuePair<string, Tensor>> Weights)
    {
        internal IReadOnlyList<string> Parameters { get; } = [.. Weights.Where(each => each.Value is Parameter).Select(each => each.Key)];

        internal IReadOnlyList<string> Trained { get; } =
            [.. Weights.Where(each => each.Value is Parameter && each.Value.requires_grad).Select(each => each.Key)];
    }
}
