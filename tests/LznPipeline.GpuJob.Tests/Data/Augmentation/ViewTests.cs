using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Data.Augmentation;

public sealed class ViewTests
{
    private const int Draws = 20000;

    private static readonly ImageRecipe Published = new()
    {
        Size = 224,
        Resize = 256,
        Augmentation = new AugmentationRecipe
        {
            RandomResizedCrop = new RandomCropRecipe(),
            HorizontalFlip = true,
            ColorJitter = new ColorJitterRecipe { Probability = 0.8, Brightness = 0.8, Contrast = 0.8, Saturation = 0.8, Hue = 0.2 },
            Grayscale = 0.2,
            GaussianBlur = new GaussianBlurRecipe { Kernel = 23 },
        },
    };

    /// <summary>Means and deviations over as many draws of torchvision, see golden/make.py. Each lies within four standard errors.</summary>
    [Theory]
    [InlineData(500, 375, new[] { 51.89, 108.5, 270.69, 282.52 }, new[] { 50.22, 79.84, 70.1, 85.88 })]
    [InlineData(400, 60, new[] { 2.27, 166.61, 55.48, 66.07 }, new[] { 3.62, 75.91, 5.66, 13.92 })]
    public void Draw_RandomCrops_AreDistributedAsTorchvisions(int width, int height, double[] means, double[] deviations)
    {
        var windows = Views(width, height).Select(view => view.Window).ToList();

        double[][] drawn = [[.. windows.Select(window => (double)window.SourceY)], [.. windows.Select(window => (double)window.SourceX)],
            [.. windows.Select(window => (double)window.SourceHeight)], [.. windows.Select(window => (double)window.SourceWidth)]];
        for (var side = 0; side < 4; side++)
        {
            var error = 4 * deviations[side] / Math.Sqrt(Draws);
            var mean = drawn[side].Average();
            Assert.InRange(mean, means[side] - 2 * error, means[side] + 2 * error);
            Assert.InRange(
                Math.Sqrt(drawn[side].Average(value => (value - mean) * (value - mean))), deviations[side] - 2 * error, deviations[side] + 2 * error);
        }
    }

    [Theory]
    [InlineData(500, 375)]
    [InlineData(1, 900)]
    [InlineData(900, 1)]
    [InlineData(3, 2)]
    public void Draw_RandomCrops_LieInThePicture(int width, int height) => Assert.All(Views(width, height).Take(2000), view =>
    {
        Assert.InRange(view.Window.SourceX, 0, width - view.Window.SourceWidth);
        Assert.InRange(view.Window.SourceY, 0, height - view.Window.SourceHeight);
        Assert.True(view.Window is { SourceWidth: > 0, SourceHeight: > 0 });
    });

    [Fact]
    public void Draw_Chances_AreThoseOfTheRecipe()
    {
        var views = Views(300, 300).ToList();

        AssertPart(0.5, views.Count(view => view.Mirrored));
        AssertPart(0.8, views.Count(view => view.Colors.Length == 4));
        AssertPart(0.2, views.Count(view => view.Gray));
        AssertPart(1, views.Count(view => view.Blur is (23, >= 0.1 and < 2)));
    }

    [Fact]
    public void Draw_ColorChanges_ComeInEveryOrderAndRange()
    {
        var changes = Views(300, 300).Select(view => view.Colors).Where(colors => colors.Length > 0).ToList();

        var orders = changes.CountBy(colors => string.Join(' ', colors.Select(change => change.Property))).ToList();
        Assert.Equal(24, orders.Count);
        Assert.All(orders, order => Assert.InRange(order.Value, changes.Count / 24 * 0.8, changes.Count / 24 * 1.2));
        Assert.All(
            changes.SelectMany(colors => colors),
            change => Assert.True(change.Property is ColorProperty.Hue ? change.Amount is >= -0.2 and < 0.2 : change.Amount is >= 0.2 - 1e-9 and < 1.8));
    }

    [Fact]
    public void Plain_IsWhatEvaluationSees() =>
        Assert.Equal(new Window(0, 0, 500, 375, Width: 341, Height: 256, Left: 58, Top: 16), View.Plain(Published, 500, 375).Window);

    private static IEnumerable<View> Views(int width, int height)
    {
        var draws = new Draws(3);
        return Enumerable.Range(0, Draws).Select(position => View.Draw(Published, width, height, draws.ForSample(iteration: 7, position, view: 1)));
    }

    private static void AssertPart(double expected, int count) => Assert.InRange((double)count / Draws, expected - 0.015, expected + 0.015);
}
