using System.Text.Json;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.Golden.Tests.Parity;

/// <summary>
/// The published cases with tiny networks, and with schedules that come to all they have within twenty steps:
/// end of the warm-up, greatest decay of the mean, end of the decoder's training.
/// </summary>
internal static class ParityRecipes
{
    private static readonly Dictionary<string, string> Everywhere = new(StringComparer.Ordinal)
    {
        ["image.size"] = "8",
        ["encoder"] = """{ "network": "small", "latentDimension": 6, "channels": [8, 8], "blocks": 1 }""",
        ["training.batchSize"] = "6",
        ["training.iterations"] = "20",
        ["training.learningRate.encoder"] = "0.002",
        ["training.warmupIterations"] = "10",
        ["training.emaDecay"] = "0.68",
        ["evaluation.batchSize"] = "8",
    };

    private static readonly Dictionary<string, string> Decoded = new(StringComparer.Ordinal)
    {
        ["decoder"] = """{ "network": "small", "channels": [8, 8], "blocks": 1, "conditionDimension": 8 }""",
        ["training.learningRate.decoder"] = "0.003",
    };

    private static readonly Dictionary<string, string> Representation = new(StringComparer.Ordinal)
    {
        ["image.resize"] = "10",
        ["image.augmentation.gaussianBlur.kernel"] = "3",
    };

    /// <summary>
    /// Both forms of the label loss at once, on latents nearer to the middle of their zones than the decoder's;
    /// a decoder that sees half of each batch and stops early.
    /// </summary>
    private static readonly Dictionary<string, string> Joint = new(Decoded, StringComparer.Ordinal)
    {
        ["labelFlow.priorScale"] = "0.5",
        ["labelFlow.lossWeight"] = """{ "probability": 1, "crossEntropy": 0.5 }""",
        ["training.decoderBatchSize"] = "3",
        ["training.decoderIterations"] = "14",
        ["training.learningRate.labelAnchors"] = "0.01",
    };

    internal static TheoryData<string> Names { get; } = ["case1", "case2", "case3"];

    internal static Recipe Of(string name) => name switch
    {
        "case1" => Resolved("case1-cifar10", Decoded),
        "case2" => Resolved("case2-imagenet", Representation),
        _ => Resolved("case3-cifar10", Joint),
    };

    private static Recipe Resolved(string preset, Dictionary<string, string> set)
    {
        var problems = new Problems();
        var recipe = Presets.Resolve(preset, Everywhere.Concat(set).ToDictionary(pair => pair.Key, pair => JsonElement.Parse(pair.Value)), problems);
        problems.ThrowIfAny();
        return recipe!;     // there are no problems
    }
}
