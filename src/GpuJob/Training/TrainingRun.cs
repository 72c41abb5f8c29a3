using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Gradients;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared;
using LznPipeline.Shared.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>A model in training: the state that an iteration changes, the iteration itself, and the state's form in a checkpoint.</summary>
internal sealed class TrainingRun : IDisposable
{
    /// <summary>Part of the newest loss in the mean that is reported.</summary>
    private const double Freshness = 0.02;

    private readonly Recipe _recipe;
    private readonly IBatchSource _batches;
    private readonly string[] _classes;
    private readonly long _seed;
    private readonly Draws _draws;
    private readonly IObjective _objective;
    private readonly IDeviceGroup _group;
    private readonly GradientExchange _gradients;
    private readonly Optimizer _optimizer;
    private readonly NetworkPasses _passes;
    private readonly TimeBudget _budget;

    /// <param name="batches">This rank's. Not disposed with this.</param> <param name="classes">Names, in the order of labels.</param>
    /// <param name="group">The ranks that train together. Not disposed with this.</param>
    /// <param name="clock">Left out, the system's.</param>
    internal TrainingRun(Recipe recipe, IBatchSource batches, string[] classes, long seed, IDeviceGroup group, TimeProvider? clock = null)
    {
        (_recipe, _batches, _classes, _seed, _draws, _group) = (recipe, batches, classes, seed, new Draws(seed), group);
        using var weights = _draws.For(RandomStream.Weights, 0);
        Model = new LznModel(recipe, classes.Length, weights).to(group.Device);
        _passes = new NetworkPasses(recipe.Training, Model, _draws, group);
        _objective = IObjective.Of(recipe, Model, _passes, _draws, group);
        var trained = Model.named_parameters().Where(each => each.parameter.requires_grad).ToList();       // some frequencies never are
        _gradients = new GradientExchange(Model, group);
        _optimizer = Optimizer.Of(trained);
        Ema = new EmaWeights(trained, recipe.Training.EmaDecay);
        Scaler = recipe.Training.Precision is Precision.Float16 ? new GradScaler() : null;
        _budget = new TimeBudget(recipe.Training.TimeBudget, clock ?? TimeProvider.System);
    }

    internal LznModel Model { get; }

    internal EmaWeights Ema { get; }

    /// <summary>Of a training in float16.</summary>
    internal GradScaler? Scaler { get; init; }

    /// <summary>Images of an iteration, over all ranks together.</summary>
    internal int BatchSize => _batches.BatchSize * _group.Size;

    /// <summary>Iterations done.</summary>
    internal long Finished { get; private set; }

    /// <summary>Names of what a <see cref="StepReport"/> holds beside the loss.</summary>
    internal IReadOnlyList<string> Quantities => _objective.Quantities;

    /// <summary>Iterations whose loss or gradient was non-finite.</summary>
    internal long Skipped { get; private set; }

    /// <summary>Mean loss of about the last fifty iterations.</summary>
    internal double? MeanLoss { get; private set; }

    /// <summary>Whether a rank was asked to stop; all ranks know it after the same iteration.</summary>
    internal bool IsStopAgreed { get; private set; }

    /// <summary>Whether the time budget is spent; as <see cref="IsStopAgreed"/>.</summary>
    internal bool IsOutOfTime { get; private set; }

    /// <summary>Whether another iteration is to be done.</summary>
    internal bool GoesOn => Finished < _recipe.Training.Iterations && !IsStopAgreed && !IsOutOfTime;

    /// <summary>Of the next iteration, by part of the model.</summary>
    internal IEnumerable<(string Part, double Rate)> LearningRates => _optimizer.Steps.Stored().Keys.Select(part => (part, LearningRate(part)));

    /// <summary>Whether there is nothing left to do: all iterations are done, or the time for them is spent.</summary>
    internal bool IsFinished => Finished >= _recipe.Training.Iterations || IsOutOfTime;

    /// <summary>Bytes of all that a <see cref="Snapshot"/> copies.</summary>
    internal long StateBytes => State().Sum(each => each.Value.numel() * each.Value.element_size());

    /// <summary>Gives all ranks the weights and the optimizer's state of rank 0. The same seed gives the same weights, but only on like machines.</summary>
    internal void Align()
    {
        using var frozen = no_grad();
        foreach (var (_, tensor) in State())
            _group.Broadcast(tensor);
    }

    /// <summary>One iteration, the same on all ranks. A loss or gradient of any rank that is non-finite changes nothing but the counters.</summary>
    /// <param name="stop">Whether this rank was asked to stop; it does its part of this iteration all the same.</param>
    internal StepReport Step(bool stop = false)
    {
        GarbageCollections.AtRest();
        using var scope = NewDisposeScope();        // every tensor of the step ends here
        FreezeDecoder();
        _gradients.Begin();
        _passes.Begin(Finished);
        var loss = _objective.Loss(_batches.At(Finished), Finished);
        var (total, quantities) = Agreed(loss, stop);
        var norm = double.IsFinite(total) ? Learn(loss.Total) : double.NaN;
        if (double.IsFinite(norm))
            MeanLoss = MeanLoss is { } mean ? mean + Freshness * (total - mean) : total;
        else
            Skipped++;
        Scaler?.Update(double.IsFinite(norm));
        Finished++;
        return new StepReport(total, quantities, norm, !double.IsFinite(norm));
    }

    /// <summary>A copy of everything that the next iteration depends on, but for the images.</summary>
    internal TrainingSnapshot Snapshot() => new(_recipe, _classes, Counters(), State());

    /// <summary>Writes the model: what a <see cref="Snapshot"/> has without the optimizer's state.</summary>
    internal void SaveModel(Stream to) =>
        Checkpoint.Write(to, _recipe, _classes, Counters(), [.. Weights().Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))]);

    /// <summary>A model of its own with the EMA of the weights.</summary>
    internal LznModel Average()
    {
        using var frozen = no_grad();
        var means = Ema.Named().ToDictionary();
        var average = LznModel.Unfilled(_recipe, _classes.Length).to(_group.Device);
        foreach (var (target, trained) in average.Weights().Zip(Model.Weights()))
            target.Value.copy_(means.GetValueOrDefault(EmaWeights.Prefix + trained.Key, trained.Value));     // what is not trained has no mean
        average.eval();
        return average;
    }

    /// <summary>Goes on where a training stopped.</summary>
    /// <param name="checkpoint">Seekable; it is closed.</param> <param name="name">Names it in messages.</param>
    /// <exception cref="BadInputException">The checkpoint is damaged, of another recipe or seed, or without an optimizer's state.</exception>
    internal void Load(Stream checkpoint, string name)
    {
        using var stored = Checkpoint.Read(checkpoint, name);
        var counters = stored.Counters;
        if (IdentityOf(stored.Recipe) != IdentityOf(_recipe) || (counters.Seed ?? _seed) != _seed)
            throw new BadInputException($"Checkpoint '{name}' belongs to another recipe or seed.");
        if (!stored.HasOptimizer)
            throw new BadInputException($"Checkpoint '{name}' is a model without the optimizer's state, from which no training can go on.");
        Restore(stored);
        _budget.Restore(counters.Spent);
        IsOutOfTime = _budget.IsSpent;
    }

    /// <summary>
    /// Begins with what was trained elsewhere: a training state goes on at its iteration, whatever its recipe and seed were;
    /// from a model only the weights and EMA weights are taken.
    /// </summary>
    /// <param name="checkpoint">Seekable; it is closed.</param> <param name="name">Names it in messages.</param>
    /// <exception cref="BadInputException">The checkpoint is damaged, or its networks are not the recipe's: then all differences are listed.</exception>
    internal void StartFrom(Stream checkpoint, string name)
    {
        using var stored = Checkpoint.Read(checkpoint, name);
        if (stored.HasOptimizer)
            Restore(stored);
        else
            stored.Fill([.. Weights()]);
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _optimizer.Dispose();
        Ema.Dispose();
        Model.Dispose();
    }

    /// <summary>Means over all ranks; if any rank's loss is non-finite, the mean is none either.</summary>
    private (double Total, double[] Quantities) Agreed(ObjectiveLoss loss, bool stop)
    {
        using var frozen = no_grad();
        var asks = new[] { stop, _budget.IsSpent }.Select(ask => tensor(ask ? 1f : 0f, device: loss.Total.device));
        var own = stack([loss.Total, .. loss.Quantities, .. asks]).to_type(ScalarType.Float64);
        var means = (_group.SumNow(own) / _group.Size).cpu().data<double>().ToArray();      // one wait for the device, not one for each
        (IsStopAgreed, IsOutOfTime) = (means[^2] > 0, means[^1] > 0);
        return (means[0], means[1..^2]);
    }

    /// <summary>Once the decoder has learned enough, it only passes on to the encoder what an image needs of its latent.</summary>
    private void FreezeDecoder()
    {
        if (Finished < DecoderIterations || Model.Decoder is null)
            return;
        foreach (var parameter in Model.Decoder.parameters())
            parameter.requires_grad = false;
    }

    /// <returns>Norm of the gradients; if it is not finite, nothing was changed.</returns>
    private double Learn(Tensor loss)
    {
        var scale = Scaler?.Factor ?? 1;
        _gradients.Backward(scale is 1 ? loss : loss * scale);
        var norm = _optimizer.Step(LearningRate, _recipe.Training.ClipNorm, scale);
        if (double.IsFinite(norm))
            Ema.Update(Learns);
        return norm;
    }

    private double LearningRate(string part) => Learns(part) ? LearningRateSchedule.At(_recipe.Training, part, Finished - Skipped) : 0;

    /// <summary>Whether the weights of a part still change.</summary>
    private bool Learns(string part) => part != LznModel.DecoderName || Finished < DecoderIterations;

    private int DecoderIterations => _recipe.Training.DecoderIterations ?? int.MaxValue;

    private void Restore(Checkpoint stored)
    {
        stored.Fill([.. State()]);
        var counters = stored.Counters;
        (Finished, Skipped, MeanLoss) = (counters.Iteration, counters.Skipped, counters.MeanLoss);
        _optimizer.Steps.Restore(counters.AdamSteps);
        Ema.Updates.Restore(counters.EmaUpdates);
        if (counters.LossScale is { } scale)
            Scaler?.Restore(scale);
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Weights() => Model.Weights().Concat(Ema.Named());

    private IEnumerable<KeyValuePair<string, Tensor>> State() => Weights().Concat(_optimizer.Named());

    private TrainingCounters Counters() => new()
    {
        Seed = _seed,
        Epoch = Finished / _batches.BatchesPerEpoch,
        Iteration = Finished,
        Skipped = Skipped,
        MeanLoss = MeanLoss,
        AdamSteps = _optimizer.Steps.Stored(),
        EmaUpdates = Ema.Updates.Stored(),
        LossScale = Scaler?.Stored(),
        Spent = _budget.Spent,
    };

    private static string IdentityOf(Recipe recipe) => JsonSerializer.Serialize(recipe.Identity(), LznJson.Options);
}
