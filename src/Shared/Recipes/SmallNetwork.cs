using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>What the small encoder and decoder demand alike of their layout.</summary>
internal static class SmallNetwork
{
    /// <summary>Group normalisation works on groups of this many channels.</summary>
    private const int GroupSize = 8;

    internal static void Validate(Problems problems, string section, int[] channels, int blocks, ImageRecipe image)
    {
        problems.Unless(channels.Length is >= 1 and <= 8, $"{section}.channels", new JsonText(channels), "1 to 8 numbers, one for each resolution");
        problems.Unless(channels.All(count => count is >= GroupSize and <= 4096 && count % GroupSize == 0), $"{section}.channels", new JsonText(channels), "multiples of 8 up to 4096");
        foreach (var size in new[] { image.Size, image.TrainingSize() }.Distinct())
            problems.Unless(size % (1L << channels.Length) == 0, $"{section}.channels", new JsonText(channels), $"so many resolutions that images of {size} pixels can be halved as often");
        problems.Unless(blocks is >= 1 and <= 16, $"{section}.blocks", blocks, "1 to 16");
    }
}
