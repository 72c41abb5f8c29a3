using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Inference;

public sealed class ReconstructCommandTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(Objective.Generation)]
    [InlineData(Objective.Joint)]
    public async Task Reconstruct_Images_StandBesideWhatWasRebuilt(Objective objective)
    {
        await Desk.DoAsync(
            "reconstruct", _desk.Model(objective), _desk.Place.Source(perClass: 2), "--solver", "rk45", "--columns", "4", "--output", _desk.At("x.png"));

        var grid = _desk.Drawn("x.png");
        Assert.Equal((4 * 10 + 2, 2 * 10 + 2), (grid.Width, grid.Height));      // 4 images, 4 rebuilt
        Assert.Equal(0, Desk.Difference(_desk.Drawn("source/down/000.png"), Desk.Cell(grid, row: 1, column: 0)));
        // the solver's tolerance, on pixels of 256 levels
        Assert.InRange(Desk.Difference(Desk.Cell(grid, row: 1, column: 0), Desk.Cell(grid, row: 1, column: 1)), 0, 4);
    }

    [Fact]
    public async Task Reconstruct_AmongAReference_DependsOnNoOtherInputAndNoBatchSize()
    {
        var (model, source, reference) = (
            _desk.Model(),
            _desk.Place.Source(perClass: 3),
            _desk.Place.Tar(("1.png", Support.Pictures.Stripes(0, 7)), ("2.png", Support.Pictures.Stripes(1, 8))));

        await Desk.DoAsync("reconstruct", model, source, "--reference", reference, "--batch-size", "4", "--output", _desk.At("all"));
        await Desk.DoAsync("reconstruct", model, Path.Combine(source, "down/001.png"), "--reference", reference, "--output", _desk.At("one"));

        Picture Pair(string name) => _desk.Drawn(name);
        Assert.Equal(22, Pair("one/000000.png").Width);
        Assert.InRange(Desk.Difference(Pair("one/000000.png"), Pair("all/000004.png")), 0, 1);      // rounding
    }

    [Fact]
    public async Task Reconstruct_ModelWithoutDecoder_IsRefused() =>
        await _desk.RefuseAsync("reconstruct", _desk.Model(Objective.Representation), _desk.Image(), "--output", _desk.At("x.png"));

    [Fact]
    public async Task Reconstruct_BrokenImage_IsLeftOutOnlyIfAsked()
    {
        var (model, source) = (_desk.Model(), _desk.Place.Source(perClass: 2));
        _desk.File("source/across/000.png", [1]);

        await _desk.RefuseAsync("reconstruct", model, source, "--output", _desk.At("x"));
        await Desk.DoAsync("reconstruct", model, source, "--output", _desk.At("x"), "--on-bad-image", "skip");

        Assert.Equal(3, Directory.GetFiles(_desk.At("x")).Length);
    }
}
