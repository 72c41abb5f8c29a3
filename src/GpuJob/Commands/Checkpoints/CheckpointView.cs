using System.Globalization;
using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Published;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Commands.Checkpoints;

/// <summary>What there is to see of a file with tensors, whichever program wrote it.</summary>
/// <param name="Facts">What it says of itself, by name.</param>
internal sealed record CheckpointView(IReadOnlyList<(string Name, string Text)> Facts, IReadOnlyList<ViewedTensor> Tensors, IDisposable File) : IDisposable
{
    /// <exception cref="InvalidDataException">The file holds no tensors, or is damaged.</exception>
    internal static CheckpointView Open(string path)
    {
        using (var file = System.IO.File.OpenRead(path))
        {
            if (FileKinds.Of(file) is not FileKind.Safetensors)
                return OfTorch(TorchFile.Open(path));
        }

        var tensors = Safetensors.Open(path);
        return Checkpoint.IsMarked(tensors) ? OfCheckpoint(Checkpoint.Of(tensors, path)) : OfSafetensors(tensors);
    }

    public void Dispose() => File.Dispose();

    private static CheckpointView OfCheckpoint(Checkpoint checkpoint)
    {
        var (recipe, counters) = (checkpoint.Recipe, checkpoint.Counters);
        var fields = JsonSerializer.SerializeToNode(recipe, LznJson.Options)!.AsObject();       // a recipe is an object
        var facts = new List<(string, string)>
        {
            ("format", $"checkpoint of this program, {(checkpoint.HasOptimizer ? "a training state" : "a model")}"),
            ("objective", $"{fields["objective"]}"),
            ("encoder", $"{fields["encoder"]!.ToJsonString()}"),                               // required
        };
        if (recipe.Decoder is not null)
            facts.Add(("decoder", $"{fields["decoder"]!.ToJsonString()}"));                     // just seen
        facts.Add(("images", $"{recipe.Image.Size} x {recipe.Image.Size}"));
        facts.Add(("classes", checkpoint.Classes.Length > 0 ? string.Join(", ", checkpoint.Classes) : "none named"));
        facts.Add((
            "trained",
            $"{counters.Iteration} iterations, {counters.Skipped} of them skipped; epoch {counters.Epoch}; "
            + $"seed {(counters.Seed is { } seed ? seed : "of another program")}"));
        facts.Add(("EMA weights", $"decay {recipe.Training.EmaDecay}, updates {Counts(counters.EmaUpdates)}"));
        facts.Add((
            "optimizer",
            checkpoint.OptimizerKind is { } kind ? $"{kind}, steps {Counts(counters.AdamSteps)}" : "none: no training can go on from here"));
        facts.Add(("learning rates", string.Join(", ", PublishedName.All.Select(name => name.Part).Where(counters.EmaUpdates.ContainsKey).Select(part =>
            $"{part} {LearningRateSchedule.At(recipe.Training, part, counters.ScheduleSteps):G6} "
            + $"(between warm-up and cool-down {LearningRateSchedule.Whole(recipe.Training, part)})"))));
        return new CheckpointView(
            facts,
            [.. checkpoint.Tensors.Tensors.Keys.Select(name => new ViewedTensor(GroupOf(name), name, checkpoint.Tensors.Source(name)))],
            checkpoint);
    }

    private static CheckpointView OfSafetensors(Safetensors file) => new(
        [("format", "safetensors of another program"), .. file.Metadata.Select(each => (each.Key, each.Value))],
        [.. file.Tensors.Keys.Select(name => new ViewedTensor(GroupOf(name), name, file.Source(name)))],
        file);

    private static CheckpointView OfTorch(TorchFile file)
    {
        var tensors = TensorWalk.Of(file.Root).Select(each => new ViewedTensor(each.Path.Split('.', '[')[0], each.Path, file.Source(each.Tensor()))).ToList();
        return new CheckpointView(
            PublishedCheckpoint.IsOne(file.Root)
                ? FactsOf(PublishedCheckpoint.Of(file))
                : [("format", "saved by PyTorch, and no checkpoint of the published trainers")],
            tensors,
            file);
    }

    private static List<(string Name, string Text)> FactsOf(PublishedCheckpoint published)
    {
        var facts = new List<(string, string)>
        {
            ("format", "checkpoint of the published trainers; 'import --preset NAME' makes one of this program from it"),
            ("parts", string.Join(", ", published.Parts.Select(part => part.Name.Key))),
            ("trained", $"{published.Iteration} iterations; epoch {published.Epoch}"),
            ("EMA weights", string.Join(", ", published.Parts.Select(part =>
                part.Average is { } average ? $"{part.Name.Key} decay {average.Decay}, {average.Updates} updates" : $"{part.Name.Key} none"))),
            ("optimizer", string.Join(", ", published.Parts.Select(part =>
                part.Group is null ? $"{part.Name.Key} none" : $"{part.Name.Key} {PublishedSettings.StepsOf(part)} steps"))),
        };
        if (published.Schedule is { } schedule)
        {
            facts.Add(("learning rates", string.Join(", ", published.Parts.Zip(schedule.Rates, (part, rate) => $"{part.Name.Key} {rate}"))
                + $"; warm-up of {schedule.Length} steps, {schedule.Steps} done"));
        }

        return facts;
    }

    private static string Counts(SortedDictionary<string, long> counts) => string.Join(", ", counts.Select(each => $"{each.Key} {each.Value}"));

    private static string GroupOf(string name) => LznModel.PartOf(name);
}

/// <param name="Group">What it belongs to: a part of the model, EMA weights, moments.</param>
internal sealed record ViewedTensor(string Group, string Name, TensorSource Source);

/// <summary>Prints a checkpoint for people: what it says of itself, its parts, its tensors. Reads every tensor once.</summary>
internal sealed class CheckpointTable(CheckpointView view)
{
    private static readonly string[] NotWeights = ["ema", "optimizer", "encoder_ema", "decoder_ema", "label_anchor_ema"];

    private static bool IsWeight(ViewedTensor tensor) => !NotWeights.Contains(tensor.Group) && Optimizer.KindIn([tensor.Name]) is null;

    /// <param name="all">Whether EMA weights and moments are listed one by one.</param>
    internal void Write(TextWriter to, bool all)
    {
        var measured = view.Tensors.Select(Measured.Of).ToList();
        Write(to, [.. view.Facts.Select(fact => new[] { fact.Name, fact.Text })]);
        to.WriteLine();
        Write(to, [["part", "tensors", "numbers", "norm"], .. measured.GroupBy(each => each.Tensor.Group).Select(group => new[]
        {
            group.Key,
            $"{group.Count()}",
            string.Create(CultureInfo.InvariantCulture, $"{group.Sum(each => each.Tensor.Source.Count):N0}"),
            Norm(Math.Sqrt(group.Sum(each => each.Norm * each.Norm))),
        })]);
        to.WriteLine();
        Write(to, [["tensor", "type", "shape", "norm"], .. measured.Where(each => all || IsWeight(each.Tensor)).Select(each => new[]
        {
            each.Tensor.Name, each.Tensor.Source.Type.Safetensors, $"[{string.Join(", ", each.Tensor.Source.Shape)}]", Norm(each.Norm),
        })]);
        to.WriteLine();
        var broken = measured.Where(each => !each.IsFinite).Select(each => each.Tensor.Name).ToList();
        to.WriteLine(broken.Count == 0 ? "All numbers are finite." : $"Not finite: NaN or infinity in {string.Join(", ", broken)}");
    }

    private static string Norm(double norm) => norm.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>Columns as wide as their widest cell, but for the last.</summary>
    private static void Write(TextWriter to, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            to.WriteLine(string.Concat(row[..^1].Zip(widths, (cell, width) => cell.PadRight(width + 2))) + row[^1]);
    }

    /// <param name="Norm">Root of the sum of squares.</param>
    private sealed record Measured(ViewedTensor Tensor, double Norm, bool IsFinite)
    {
        internal static Measured Of(ViewedTensor viewed)
        {
            using var scope = NewDisposeScope();
            var values = viewed.Source.Read().to_type(ScalarType.Float64);
            var norm = values.square().sum().sqrt().item<double>();
            return new Measured(viewed, norm, values.isfinite().all().item<bool>());
        }
    }
}

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
