using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Inference;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(Objective.Generation, "")]
    [InlineData(Objective.Joint, "-across")]
    public async Task Generate_ImageOfASeed_IsTheSameInAnyBatch(Objective objective, string name)
    {
        var model = _desk.Model(objective);

        await Desk.DoAsync("generate", model, "--count", "7", "--seed", "3", "--output", _desk.At("all"));
        await Desk.DoAsync("generate", model, "--count", "4", "--seed", "3", "--batch-size", "1", "--output", _desk.At("some"));
        await Desk.DoAsync("generate", model, "--count", "4", "--seed", "4", "--output", _desk.At("others"));

        Assert.Equal(7, Directory.GetFiles(_desk.At("all")).Length);
        var image = _desk.Drawn($"all/000003{name}.png");
        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.InRange(Desk.Difference(image, _desk.Drawn($"some/000003{name}.png")), 0, 1);        // rounding
        Assert.InRange(Desk.Difference(image, _desk.Drawn($"others/000003{name}.png")), 2, 255);
    }

    [Fact]
    public async Task Generate_Picture_HasAColumnForEachLabel()
    {
        await Desk.DoAsync("generate", _desk.Model(), "--count", "6", "--output", _desk.At("x.png"));

        var grid = _desk.Drawn("x.png");
        Assert.Equal((3 * 10 + 2, 2 * 10 + 2), (grid.Width, grid.Height));
    }

    [Fact]
    public async Task Generate_Label_DrawsThatClassAlone()
    {
        var model = _desk.Model();

        await Desk.DoAsync("generate", model, "--count", "3", "--label", "chess", "--output", _desk.At("x"));

        Assert.Equal(["000000-chess.png", "000001-chess.png", "000002-chess.png"], Directory.GetFiles(_desk.At("x")).Select(Path.GetFileName).Order());
        await _desk.RefuseAsync("generate", model, "--label", "cat", "--output", _desk.At("y"));
        await _desk.RefuseAsync("generate", _desk.Model(Objective.Generation), "--label", "chess", "--output", _desk.At("y"));
    }

    [Fact]
    public async Task Generate_FolderThatIsThere_IsWrittenIntoOnlyByForce()
    {
        var (model, other) = (_desk.Model(Objective.Generation), _desk.File("x/notes.txt", [1]));

        await _desk.RefuseAsync("generate", model, "--count", "1", "--output", _desk.At("x"));
        await Desk.DoAsync("generate", model, "--count", "1", "--output", _desk.At("x/"), "--force");

        Assert.Equal([_desk.At("x/000000.png"), other], Directory.GetFiles(_desk.At("x")).Order());
    }

    [Theory]
    [InlineData("x.png", "--count", "0")]
    [InlineData("x.png", "--steps", "0")]
    [InlineData("x.png", "--tolerance", "7")]
    [InlineData("x.png", "--columns", "0")]
    [InlineData("x.png", "--count", "1000000")]
    [InlineData("x.jpg")]
    [InlineData("nowhere/x.png")]
    [InlineData("nowhere/x")]
    public async Task Generate_WhatIsOfNoUse_IsRefusedAndLeavesNothing(string output, params string[] more) =>
        await _desk.RefuseAsync(["generate", _desk.Model(), "--output", _desk.At(output), .. more]);

    [Fact]
    public async Task Generate_ModelWithoutDecoder_IsRefused() =>
        await _desk.RefuseAsync("generate", _desk.Model(Objective.Representation), "--output", _desk.At("x.png"));
}
