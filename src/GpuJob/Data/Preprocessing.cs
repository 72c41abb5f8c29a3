using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data;

/// <summary>How image files become a network's input, in words and numbers; its hash tells whether two models saw the same.</summary>
internal sealed record Preprocessing(int Size, int Shorter, string Resize, string Crop, double[] Range)
{
    internal static Preprocessing Of(Recipe recipe) => new(recipe.Image.Size, recipe.Image.Resize ?? recipe.Image.Size, "shorter side, bilinear, antialiased as Pillow", "centre", [-1, 1]);

    internal string Sha256() => ContentHash.Sha256(JsonSerializer.SerializeToUtf8Bytes(this, LznJson.Options));
}
