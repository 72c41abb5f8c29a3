using System.Text.Json;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared;
using LznPipeline.Shared.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>The one file format of trained models and of training states: safetensors, with all in the metadata that is needed to use it or to go on.</summary>
/// <param name="Recipe">That the networks were built by.</param>
/// <param name="Classes">Names, in the order of labels; empty where none are known.</param>
/// <remarks>
/// Tensors: the model's parameters and buffers under their own names; the EMA weights of all trained parameters under <c>ema.</c>; in a training state also
/// Adam's moments, <c>adam.NAME.mean</c> and <c>adam.NAME.square</c>. Metadata: <c>format</c>, the file's checksum (<see cref="Seal"/>), and as JSON
/// <c>recipe</c>, <c>classes</c>, <c>preprocessing</c>, <c>training</c> (<see cref="TrainingCounters"/>). The learning rates and their warm-up stand in the
/// recipe; random numbers depend on the seed and the iteration alone. docs/checkpoints.md tells users.
/// </remarks>
internal sealed record Checkpoint(Recipe Recipe, string[] Classes, TrainingCounters Counters, Safetensors Tensors) : IDisposable
{
    private const string Format = "lzn-checkpoint-1";
    private const string FormatKey = "format";
    private const string RecipeKey = "recipe";
    private const string ClassesKey = "classes";
    private const string PreprocessingKey = "preprocessing";
    private const string CountersKey = "training";

    /// <summary>The optimizer whose state it has, so that training can go on from here; or null.</summary>
    internal string? OptimizerKind => Optimizer.KindIn(Tensors.Tensors.Keys);

    /// <summary>Whether training can go on from here.</summary>
    internal bool HasOptimizer => OptimizerKind is not null;

    /// <param name="to">Empty; seekable, readable and writable.</param> <param name="tensors">In the order of the file.</param>
    internal static void Write(
        Stream to, Recipe recipe, string[] classes, TrainingCounters counters, IReadOnlyCollection<KeyValuePair<string, TensorSource>> tensors)
    {
        Safetensors.Write(to, tensors, new Dictionary<string, string>
        {
            [Seal.Key] = Seal.Open,
            [FormatKey] = Format,
            [RecipeKey] = JsonSerializer.Serialize(recipe, LznJson.Options),
            [ClassesKey] = JsonSerializer.Serialize(classes, LznJson.Options),
            [PreprocessingKey] = JsonSerializer.Serialize(Preprocessing.Of(recipe), LznJson.Options),
            [CountersKey] = JsonSerializer.Serialize(counters, LznJson.Options),
        });
        Seal.Close(to);
    }

    /// <summary>Whether a safetensors file says that it is a checkpoint of this program.</summary>
    internal static bool IsMarked(Safetensors file) => file.Metadata.GetValueOrDefault(FormatKey) == Format;

    /// <summary>Opens a file on disk.</summary>
    /// <inheritdoc cref="Read(Stream, string)"/>
    internal static Checkpoint Open(string path) => Read(File.OpenRead(path), path);

    /// <param name="file">Seekable; it is closed with the result, or at once if it is no checkpoint.</param> <param name="name">Names it in messages.</param>
    /// <exception cref="BadInputException">It is no checkpoint of this program.</exception>
    internal static Checkpoint Read(Stream file, string name)
    {
        try
        {
            return FileKinds.Of(file) is FileKind.Zip or FileKind.LegacyTorch
                ? throw new InvalidDataException($"'{name}' is a file of PyTorch. 'lzn checkpoint import' makes a checkpoint of this program from it.")
                : Of(Safetensors.Read(file, name), name);
        }
        catch (InvalidDataException wrong)
        {
            file.Dispose();
            throw new BadInputException(wrong.Message, wrong);
        }
    }

    /// <exception cref="InvalidDataException">It is no checkpoint of this program.</exception>
    internal static Checkpoint Of(Safetensors file, string name)
    {
        if (!file.IsWhole)
            throw new InvalidDataException($"'{name}' is damaged: its content has another checksum than it had when it was written.");
        if (!IsMarked(file))
            throw new InvalidDataException($"'{name}' has format '{file.Metadata.GetValueOrDefault(FormatKey)}'; this program reads '{Format}'.");
        try
        {
            return new Checkpoint(Get<Recipe>(file, RecipeKey), Get<string[]>(file, ClassesKey), Get<TrainingCounters>(file, CountersKey), file);
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(
                $"The metadata of '{name}' cannot be read: {wrong.Message} If a newer version of this program wrote the file, use that one.", wrong);
        }
    }

    /// <summary>Builds the networks with the raw weights or with their EMA.</summary>
    /// <param name="device">Where they shall compute; left out, the processor.</param>
    /// <exception cref="BadInputException">Lists every tensor that is missing or of another form.</exception>
    internal LznModel Build(bool ema, Device? device = null)
    {
        var model = LznModel.Unfilled(Recipe, Classes.Length).to(device ?? CPU);
        Fill([.. model.Weights().Select(each => KeyValuePair.Create(ema && each.Value.requires_grad ? EmaWeights.Prefix + each.Key : each.Key, each.Value))]);
        model.eval();
        return model;
    }

    /// <summary>Copies stored tensors over others.</summary>
    /// <exception cref="BadInputException">Lists every tensor that is missing or of another form; then nothing was copied.</exception>
    internal void Fill(IReadOnlyList<KeyValuePair<string, Tensor>> targets)
    {
        var problems = TensorForms
            .Differences(
                targets.ToDictionary(each => each.Key, each => TensorForms.Of(each.Value)),
                Tensors.Tensors.ToDictionary(each => each.Key, each => TensorForms.Of(each.Value.Type, each.Value.Shape)))
            .Where(problem => !problem.IsUnexpected).ToList();
        if (problems.Count > 0)
            throw new BadInputException(
                $"The checkpoint does not fit the recipe:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"))}");
        using var frozen = no_grad();
        foreach (var (name, target) in targets)
        {
            using var stored = Tensors.Tensor(name);
            target.copy_(stored);
        }
    }

    public void Dispose() => Tensors.Dispose();

    private static T Get<T>(Safetensors file, string key) =>
        JsonSerializer.Deserialize<T>(file.Metadata.GetValueOrDefault(key) ?? throw new JsonException($"it lacks '{key}'"), LznJson.Options)
            ?? throw new JsonException($"'{key}' is null");
}

/// <summary>How far a model is trained: with the weights, the moments and the recipe all that decides the next iteration.</summary>
internal sealed record TrainingCounters
{
    /// <summary>Of all random numbers; null when the weights were trained by another program, whose random numbers are not ours.</summary>
    public required long? Seed { get; init; }

    /// <summary>Whole passes over the images.</summary>
    public required long Epoch { get; init; }

    /// <summary>Iterations done.</summary>
    public required long Iteration { get; init; }

    /// <summary>Those whose loss or gradient was non-finite. The schedule of the learning rates counts only the others.</summary>
    public required long Skipped { get; init; }

    /// <summary>Of about the last fifty iterations.</summary>
    public required double? MeanLoss { get; init; }

    /// <summary>By part of the model: encoder, decoder, label_anchors.</summary>
    public required SortedDictionary<string, long> AdamSteps { get; init; }

    /// <summary>Updates of the EMA weights, by part.</summary>
    public required SortedDictionary<string, long> EmaUpdates { get; init; }

    /// <summary>Of a training in float16.</summary>
    public LossScaleState? LossScale { get; init; }

    /// <summary>Time spent so far; of a training with a time budget.</summary>
    public TimeSpan? Spent { get; init; }

    internal long ScheduleSteps => Iteration - Skipped;
}

/// <summary>What a file is by its first bytes, whatever it is called.</summary>
internal enum FileKind
{
    Unknown,
    Safetensors,
    Zip,

    /// <summary>What <c>torch.save</c> wrote before PyTorch 1.6: a row of pickles.</summary>
    LegacyTorch,
}

internal static class FileKinds
{
    private const int SafetensorsLengthBytes = 8;

    private static ReadOnlySpan<byte> ZipMark => "PK"u8;

    /// <summary>Protocol 2, then the number 0x1950a86a20f9469cfc6c.</summary>
    private static ReadOnlySpan<byte> LegacyMark => [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>Looks at the beginning of a seekable stream and goes back to it.</summary>
    internal static FileKind Of(Stream file)
    {
        Span<byte> beginning = stackalloc byte[16];
        file.Position = 0;
        beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        if (beginning.StartsWith(ZipMark))
            return FileKind.Zip;
        if (beginning.StartsWith(LegacyMark))
            return FileKind.LegacyTorch;
        return beginning.Length > SafetensorsLengthBytes && beginning[SafetensorsLengthBytes] == (byte)'{' ? FileKind.Safetensors : FileKind.Unknown;
    }
}
