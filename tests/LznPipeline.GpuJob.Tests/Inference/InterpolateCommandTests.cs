using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Inference;

public sealed class InterpolateCommandTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Interpolate_Images_BeginsAndEndsWithThem()
    {
        var (one, other) = (_desk.Image("a.png", label: 0), _desk.Image("b.png", label: 1));

        await Desk.DoAsync("interpolate", _desk.Model(), one, other, "--frames", "5", "--solver", "rk45", "--output", _desk.At("x.png"));

        var strip = _desk.Drawn("x.png");
        Assert.Equal((5 * 10 + 2, 12), (strip.Width, strip.Height));
        Assert.InRange(Desk.Difference(_desk.Drawn("a.png"), Desk.Cell(strip, 0, 0)), 0, 4);        // the solver's tolerance, on pixels of 256 levels
        Assert.InRange(Desk.Difference(_desk.Drawn("b.png"), Desk.Cell(strip, 0, 4)), 0, 4);
        Assert.InRange(Desk.Difference(Desk.Cell(strip, 0, 0), Desk.Cell(strip, 0, 2)), 10, 255);
    }

    [Theory]
    [InlineData(Objective.Generation)]
    [InlineData(Objective.Joint, "--label", "down")]
    public async Task Interpolate_Seeds_BeginsAndEndsWithWhatTheyDraw(Objective objective, params string[] label)
    {
        var model = _desk.Model(objective);

        await Desk.DoAsync(["interpolate", model, "--seeds", "3", "4", "--frames", "6", "--batch-size", "4", "--output", _desk.At("x/"), .. label]);
        await Desk.DoAsync(["generate", model, "--count", "1", "--seed", "3", "--output", _desk.At("from.png"), .. label]);
        await Desk.DoAsync(["generate", model, "--count", "1", "--seed", "4", "--output", _desk.At("to.png"), .. label]);

        Assert.Equal(6, Directory.GetFiles(_desk.At("x")).Length);
        Assert.InRange(Desk.Difference(Desk.Cell(_desk.Drawn("from.png"), 0, 0), _desk.Drawn("x/000000.png")), 0, 1);       // rounding
        Assert.InRange(Desk.Difference(Desk.Cell(_desk.Drawn("to.png"), 0, 0), _desk.Drawn("x/000005.png")), 0, 1);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.png", "a.png")]
    [InlineData("a.png", "folder")]
    [InlineData("a.png", "broken.png", "--on-bad-image", "skip")]
    [InlineData("a.png", "b.png", "--seeds", "1", "2")]
    [InlineData("a.png", "b.png", "--label", "down")]
    [InlineData("a.png", "b.png", "--frames", "1")]
    public async Task Interpolate_WhatIsNotTwoEnds_IsRefused(params string[] words)
    {
        _desk.Image("a.png");
        _desk.Image("b.png");
        _desk.File("broken.png", [1]);
        _desk.Image("folder/c.png");
        _desk.Image("folder/d.png");

        await _desk.RefuseAsync(
        [
            "interpolate", _desk.Model(), "--output", _desk.At("x.png"),
            .. words.Select(word => File.Exists(_desk.At(word)) || Directory.Exists(_desk.At(word)) ? _desk.At(word) : word)
        ]);
    }

    [Fact]
    public void Between_TwoDraws_KeepsTheirLength()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var from = randn(1, 400, generator: generator);
        var to = randn(1, 400, generator: generator);

        var way = Spherical.Between(from, to * (from.norm() / to.norm()), [0, 0.5, 1]);

        Assert.All(way.norm(1).data<float>().ToArray(), length => Assert.Equal(from.norm().item<float>(), length, 1e-3));
        Assert.Equal(from.data<float>().ToArray(), way[0].data<float>().ToArray());
    }

    [Fact]
    public void Between_APointAndItself_StaysThere()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([1, 2, 1, 2], Spherical.Between(tensor(new float[,] { { 1, 2 } }), tensor(new float[,] { { 1, 2 } }), [0, 0.5]).data<float>().ToArray());
    }
}
