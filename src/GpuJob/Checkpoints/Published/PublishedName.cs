using LznPipeline.GpuJob.Networks;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>What the published trainers call a part of a model, and its tensors.</summary>
/// <param name="Part">Our name of it.</param> <param name="Key">Theirs in a checkpoint.</param> <param name="Rate">Of its learning rate in a recipe.</param>
internal sealed record PublishedName(string Part, string Key, string Rate)
{
    /// <summary>Their networks lie in two wrappers, for several devices.</summary>
    private const string Wrappers = "model.module.";

    private const string Anchors = Wrappers + "anchor";

    /// <summary>All, in the order of the optimizer's groups.</summary>
    internal static IReadOnlyList<PublishedName> All { get; } =
    [
        new(LznModel.EncoderName, "encoder", "training.learningRate.encoder"),
        new(LznModel.DecoderName, "decoder", "training.learningRate.decoder"),
        new(LznModel.LabelAnchorsName, "label_anchor", "training.learningRate.labelAnchors"),
    ];

    internal string AverageKey => Key + "_ema";

    /// <summary>Their name of a tensor that the model has under <paramref name="name"/>.</summary>
    internal string Of(string name) => name == Part ? Anchors : Wrappers + name[(Part.Length + 1)..];
}
