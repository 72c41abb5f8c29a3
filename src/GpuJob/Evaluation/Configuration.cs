using System.Text.Json;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Everything that decided what the report shows.</summary>
internal static class Configuration
{
    /// <param name="sha256">Of the weights.</param>
    internal static Section Section(EvaluateJob job, DatasetManifest manifest, Recipe recipe, string sha256) => new(
        "Configuration",
        "The recipe is the one that the model's file carries.",
        new FactTable(
            ("weights", job.Weights),
            ("their SHA-256", sha256),
            ("dataset", $"{manifest.Name}, version {manifest.Version}: {manifest.Splits[SplitPlan.Train].Images} train and {manifest.Splits[SplitPlan.Test].Images} test images in {manifest.Classes.Length} classes"),
            ("preprocessing's SHA-256", Preprocessing.Of(recipe).Sha256()),
            ("seed", $"{job.Seed}"),
            ("libtorch", $"{__version__}, {get_num_threads()} threads")),
        new SourceText(JsonSerializer.Serialize(recipe, LznJson.Readable)));
}
