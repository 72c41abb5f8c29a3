using System.Text.Json;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>A trained model's <c>model.safetensors</c>: plain weights, their running means under <c>ema.</c>, and in the metadata all that is needed to use them.</summary>
/// <param name="Recipe">That the networks were built by.</param>
/// <param name="Classes">Names, in the order of labels.</param>
internal sealed record ModelFile(Recipe Recipe, string[] Classes, Safetensors Weights) : IDisposable
{
    private const string Format = "lzn-joint-1";
    private const string FormatKey = "format";
    private const string RecipeKey = "recipe";
    private const string ClassesKey = "classes";
    private const string PreprocessingKey = "preprocessing";

    internal static void Write(Stream to, Recipe recipe, string[] classes, LznModel model, MovingAverage ema)
    {
        var plain = model.named_parameters().Select(each => KeyValuePair.Create<string, Tensor>(each.name, each.parameter));
        Safetensors.Write(to, [.. plain.Concat(ema.Named())], new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [RecipeKey] = JsonSerializer.Serialize(recipe, LznJson.Options),
            [ClassesKey] = JsonSerializer.Serialize(classes, LznJson.Options),
            [PreprocessingKey] = JsonSerializer.Serialize(Preprocessing.Of(recipe), LznJson.Options),
        });
    }

    /// <param name="file">Seekable; it is closed with the result, or at once if it is no model.</param>
    /// <exception cref="BadInputException">It is no model of this program.</exception>
    internal static ModelFile Read(Stream file, string name)
    {
        try
        {
            var weights = Safetensors.Read(file, name);
            if (weights.Metadata.GetValueOrDefault(FormatKey) != Format)
                throw new InvalidDataException($"'{name}' has format '{weights.Metadata.GetValueOrDefault(FormatKey)}'; this program reads '{Format}'.");
            return new ModelFile(Get<Recipe>(weights, RecipeKey), Get<string[]>(weights, ClassesKey), weights);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or JsonException)
        {
            file.Dispose();
            throw new BadInputException(wrong.Message, wrong);
        }
    }

    /// <summary>Builds the networks with the plain weights or with their running means.</summary>
    internal LznModel Build(bool ema)
    {
        using var frozen = no_grad();
        var model = LznModel.Unfilled(Recipe, Classes.Length);
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var stored = Weights.Tensor(ema ? MovingAverage.Prefix + name : name);
            parameter.copy_(stored);
        }

        model.eval();
        return model;
    }

    public void Dispose() => Weights.Dispose();

    private static T Get<T>(Safetensors weights, string key) =>
        JsonSerializer.Deserialize<T>(weights.Metadata.GetValueOrDefault(key) ?? throw new InvalidDataException($"The model's metadata lacks '{key}'."), LznJson.Options)
        ?? throw new InvalidDataException($"The model's metadata '{key}' is null.");
}
