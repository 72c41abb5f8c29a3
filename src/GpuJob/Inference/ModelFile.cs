using System.CommandLine;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary>A trained model in a file at hand, with the EMA of its weights. All that is needed to use it stands in the file.</summary>
internal sealed class ModelFile : IDisposable
{
    private const int VersionDigits = 16;

    private readonly string _path;
    private readonly Checkpoint _file;

    private ModelFile(string path, Checkpoint file, LznModel model) => (_path, _file, Model) = (path, file, model);

    internal LznModel Model { get; }

    internal Recipe Recipe => _file.Recipe;

    /// <summary>In the order of labels.</summary>
    internal string[] Classes => _file.Classes;

    private string Abilities => Model switch
    {
        { Classes: > 0 } => "embed, classify, generate, reconstruct and interpolate",
        { Decoder: not null } => "embed, generate, reconstruct and interpolate",
        _ => "embed",
    };

    internal static Argument<string> Argument() => new("MODEL")
    {
        Description = "A trained model, such as models/NAME/VERSION/model.safetensors; or a training state.",
    };

    /// <param name="device">Where it shall compute.</param>
    /// <exception cref="BadInputException">There is none, or it is no model of this program.</exception>
    internal static ModelFile Open(string path, Device device)
    {
        if (!File.Exists(path))
            throw new BadInputException(
                $"{(Directory.Exists(path) ? $"'{path}' is a folder" : $"There is no '{path}'")}. A model is a file, such as model.safetensors.");
        var file = Checkpoint.Open(path);
        try
        {
            return new ModelFile(path, file, file.Build(ema: true, device));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="verb">What the user wants of it.</param>
    /// <exception cref="BadInputException">It draws no images.</exception>
    internal void ThrowUnlessItDraws(string verb)
    {
        if (Model.Decoder is null)
            throw Unable(verb, "has no decoder");
    }

    /// <exception cref="BadInputException">It knows no labels.</exception>
    internal void ThrowUnlessItClassifies()
    {
        if (Model.Classes == 0)
            throw Unable("classify", "knows no labels");
    }

    /// <summary>Reads labels; null where the model knows none.</summary>
    internal Classifier? Classifier() => Model.Classes > 0 ? new Classifier(Model, Recipe) : null;

    /// <summary>What its embeddings are known by: the file's name and the beginning of its hash stand for a registered model's name and version.</summary>
    internal async Task<EmbeddingIdentity> IdentityAsync(CancellationToken stop)
    {
        await using var content = File.OpenRead(_path);
        var sha256 = await ContentHash.Sha256Async(content, stop);
        return EmbeddingRows.IdentityOf(new ModelRef(Path.GetFileNameWithoutExtension(_path), sha256[..VersionDigits]), sha256, Recipe);
    }

    public void Dispose()
    {
        Model.Dispose();
        _file.Dispose();
    }

    private BadInputException Unable(string verb, string why) =>
        new($"'{_path}' cannot {verb}: a model of objective {Recipe.Objective.ToString().ToLowerInvariant()} {why}. It can {Abilities}.");
}
