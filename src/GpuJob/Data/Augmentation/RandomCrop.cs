using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>A rectangle of random area, shape and place, as torchvision's RandomResizedCrop.</summary>
internal static class RandomCrop
{
    private const int Tries = 10;

    /// <param name="width">Of the picture.</param> <param name="height">Of the picture.</param>
    /// <param name="size">Side of the square that the rectangle is scaled to.</param>
    /// <remarks>When the rectangle does not fit into the picture ten times in a row, the largest one in the middle whose shape is allowed is taken.</remarks>
    internal static Window Draw(RandomCropRecipe recipe, int width, int height, int size, ref SampleRandom random)
    {
        var (tall, wide) = (Math.Log(recipe.Ratio[0]), Math.Log(recipe.Ratio[1]));
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var area = (double)width * height * random.Uniform(recipe.Scale[0], recipe.Scale[1]);
            var ratio = Math.Exp(random.Uniform(tall, wide));
            var (cropWidth, cropHeight) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (cropWidth < 1 || cropWidth > width || cropHeight < 1 || cropHeight > height)
                continue;
            var y = random.Below(height - cropHeight + 1);
            return Window.Part(random.Below(width - cropWidth + 1), y, cropWidth, cropHeight, size);
        }

        return Middle(recipe.Ratio, width, height, size);
    }

    private static Window Middle(double[] ratios, int width, int height, int size)
    {
        var ratio = (double)width / height;
        var (cropWidth, cropHeight) = ratio < ratios[0] ? (width, Math.Max(1, (int)Math.Round(width / ratios[0])))
            : ratio > ratios[1] ? (Math.Max(1, (int)Math.Round(height * ratios[1])), height)
            : (width, height);
        return Window.Part((width - cropWidth) / 2, (height - cropHeight) / 2, cropWidth, cropHeight, size);
    }
}
