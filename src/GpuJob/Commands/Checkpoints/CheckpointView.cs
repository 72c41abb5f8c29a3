using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Published;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared;

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
        facts.Add(("trained", $"{counters.Iteration} iterations, {counters.Skipped} of them skipped; epoch {counters.Epoch}; seed {(counters.Seed is { } seed ? seed : "of another program")}"));
        facts.Add(("running means", $"decay {recipe.Training.EmaDecay}, updates {Counts(counters.EmaUpdates)}"));
        facts.Add(("optimizer", checkpoint.HasOptimizer ? $"Adam, steps {Counts(counters.AdamSteps)}" : "none: no training can go on from here"));
        facts.Add(("learning rates", string.Join(", ", PublishedName.All.Select(name => name.Part).Where(counters.EmaUpdates.ContainsKey).Select(part =>
            $"{part} {LearningRateSchedule.At(recipe.Training, part, counters.ScheduleSteps):G6} (between warm-up and cool-down {LearningRateSchedule.Whole(recipe.Training, part)})"))));
        return new CheckpointView(facts, [.. checkpoint.Tensors.Tensors.Keys.Select(name => new ViewedTensor(GroupOf(name), name, checkpoint.Tensors.Source(name)))], checkpoint);
    }

    private static CheckpointView OfSafetensors(Safetensors file) => new(
        [("format", "safetensors of another program"), .. file.Metadata.Select(each => (each.Key, each.Value))],
        [.. file.Tensors.Keys.Select(name => new ViewedTensor(GroupOf(name), name, file.Source(name)))],
        file);

    private static CheckpointView OfTorch(TorchFile file)
    {
        var tensors = TensorWalk.Of(file.Root).Select(each => new ViewedTensor(each.Path.Split('.', '[')[0], each.Path, file.Source(each.Tensor()))).ToList();
        return new CheckpointView(PublishedCheckpoint.IsOne(file.Root) ? FactsOf(PublishedCheckpoint.Of(file)) : [("format", "saved by PyTorch, and no checkpoint of the published trainers")], tensors, file);
    }

    private static List<(string Name, string Text)> FactsOf(PublishedCheckpoint published)
    {
        var facts = new List<(string, string)>
        {
            ("format", "checkpoint of the published trainers; 'import --preset NAME' makes one of this program from it"),
            ("parts", string.Join(", ", published.Parts.Select(part => part.Name.Key))),
            ("trained", $"{published.Iteration} iterations; epoch {published.Epoch}"),
            ("running means", string.Join(", ", published.Parts.Select(part => part.Average is { } average ? $"{part.Name.Key} decay {average.Decay}, {average.Updates} updates" : $"{part.Name.Key} none"))),
            ("optimizer", string.Join(", ", published.Parts.Select(part => part.Group is null ? $"{part.Name.Key} none" : $"{part.Name.Key} {PublishedSettings.StepsOf(part)} steps"))),
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

/// <param name="Group">What it belongs to: a part of the model, running means, moments.</param>
internal sealed record ViewedTensor(string Group, string Name, TensorSource Source);
