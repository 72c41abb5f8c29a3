using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Published;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Checkpoints;

/// <summary>A training state of a tiny joint model, on disk in our form and in PyTorch's.</summary>
internal sealed class TinyCheckpoint : IDisposable
{
    private const int Classes = 3;

    private static readonly string[] ClassNames = ["across", "down", "chess"];

    internal TinyCheckpoint()
    {
        using var file = File.Create(Ours);
        Write(file);
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("lzn-checkpoint-").FullName;

    internal string Ours => Path.Combine(Folder, "state.safetensors");

    internal string Torch => Path.Combine(Folder, "state.pt");

    /// <summary>What builds its networks.</summary>
    internal static (string Preset, Dictionary<string, JsonElement> Set) Architecture { get; } = Workplace.TinyPreset(Objective.Joint);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Exports it, changed.</summary>
    /// <param name="edit">Is given the root of the file; tensors are <see cref="TensorSource"/>.</param>
    internal void Export(Action<OrderedDictionary<object, object?>>? edit = null)
    {
        var exported = new MemoryStream();
        using (var checkpoint = Checkpoint.Open(Ours))
            new PublishedExport(checkpoint, fractionsAsTensors: false).Write(exported);
        using var file = TorchFile.Read(exported, "exported");
        var root = (OrderedDictionary<object, object?>)Editable(file, file.Root.Value)!;        // an export is a dictionary
        edit?.Invoke(root);
        using var to = File.Create(Torch);
        TorchFileWriter.Write(to, root);
    }

    /// <summary>Imports what was exported.</summary>
    internal Checkpoint Import(string[]? classes = null) => Import(Architecture.Preset, Architecture.Set, classes);

    /// <inheritdoc cref="Import(string[])"/>
    internal Checkpoint Import(string preset, Dictionary<string, JsonElement> set, string[]? classes = null)
    {
        var to = new MemoryStream();
        using var torch = TorchFile.Open(Torch);
        new PublishedImport(torch, preset, set).Write(to, classes);
        return Checkpoint.Read(to, "imported");
    }

    internal static OrderedDictionary<object, object?> In(object? dictionary, params object[] keys) =>
        // a test knows its way
        (OrderedDictionary<object, object?>)keys.Aggregate(
            dictionary,
            (inner, key) => key is int index ? ((List<object?>)inner!)[index] : ((OrderedDictionary<object, object?>)inner!)[key])!;

    private static void Write(Stream to)
    {
        using var scope = NewDisposeScope();
        var recipe = Workplace.TinyRecipe();
        using var generator = new Generator(7);
        using var model = new LznModel(recipe, Classes, generator);
        var trained = model.named_parameters().Where(each => each.parameter.requires_grad).ToList();
        using var adam = new Adam(trained);
        using var ema = new EmaWeights(trained, recipe.Training.EmaDecay);
        foreach (var (number, (_, parameter)) in trained.Index())
            parameter.grad = full(parameter.shape, 0.001 * number);
        adam.Step(_ => 0.01, clipNorm: 1);
        ema.Update(_ => true);
        var counters = new TrainingCounters
        {
            Seed = 5, Epoch = 1, Iteration = 4, Skipped = 3, MeanLoss = 0.5, AdamSteps = adam.Steps.Stored(), EmaUpdates = ema.Updates.Stored()
        };
        Checkpoint.Write(to, recipe, ClassNames, counters,
            [.. model.Weights().Concat(ema.Named()).Concat(adam.Named()).Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))]);
    }

    private static object? Editable(TorchFile file, object? value) => value switch
    {
        TorchTensor tensor => file.Source(tensor),
        OrderedDictionary<object, object?> dictionary =>
            new OrderedDictionary<object, object?>(dictionary.Select(entry => KeyValuePair.Create(entry.Key, Editable(file, entry.Value)))),
        List<object?> list => list.Select(item => Editable(file, item)).ToList(),
        _ => value,
    };
}
