using System.Text.Json;
using LznPipeline.GpuJob.Inference;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Tests.Inference;

public sealed class ClassifyCommandTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Classify_Folder_TellsTheLabelThatEmbedTells()
    {
        var (model, source) = (_desk.Model(), _desk.Place.Source());

        await Desk.DoAsync("classify", model, source, "--output", _desk.At("x.csv"));
        await Desk.DoAsync("embed", model, source, "--output", _desk.At("x.jsonl"));

        var embedded = (await File.ReadAllLinesAsync(_desk.At("x.jsonl"))).Select(line => JsonElement.Parse(line))
            .Select(row => $"{row.GetProperty("id")},{row.GetProperty("predicted")}");
        var lines = await File.ReadAllLinesAsync(_desk.At("x.csv"));
        Assert.Equal("path,label,share,label2,share2,label3,share3", lines[0]);
        Assert.Equal(1 + 24, lines.Length);
        Assert.Equal(embedded, lines[1..].Select(line => string.Join(',', line.Split(',')[..2])));
        Assert.All(lines[1..], line => Assert.Equal(1, line.Split(',').Where((_, place) => place is 2 or 4 or 6).Sum(double.Parse), 0.002));
    }

    [Fact]
    public async Task Classify_AmongAReference_DependsOnNoOtherInput()
    {
        var (model, source, reference) = (
            _desk.Model(),
            _desk.Place.Source(),
            _desk.Place.Tar([.. Enumerable.Range(50, 10).Select(number => ($"{number}.png", Support.Pictures.Stripes(number % 3, number)))]));
        var image = Path.Combine(source, "down/003.png");

        await Desk.DoAsync("classify", model, source, "--reference", reference, "--output", _desk.At("all.csv"));
        await Desk.DoAsync("classify", model, image, "--reference", reference, "--output", _desk.At("one.csv"));

        var alone = (await File.ReadAllLinesAsync(_desk.At("one.csv")))[1];
        Assert.StartsWith($"{image},", alone, StringComparison.Ordinal);
        Assert.Contains(alone.Replace(image, "down/003.png", StringComparison.Ordinal), await File.ReadAllLinesAsync(_desk.At("all.csv")));
    }

    [Fact]
    public async Task Classify_InputsInAnotherOrder_TellsTheSame()
    {
        // more than one group
        var (model, images) = (_desk.Model(), Directory.GetFiles(_desk.Place.Source(), "*", SearchOption.AllDirectories).Order().ToList());

        await Desk.DoAsync(["classify", model, .. images, "--output", _desk.At("forth.csv")]);
        await Desk.DoAsync(["classify", model, .. Enumerable.Reverse(images), "--output", _desk.At("back.csv")]);

        var forth = await File.ReadAllLinesAsync(_desk.At("forth.csv"));
        Assert.Equal(1 + images.Count, forth.Length);
        Assert.Equal(forth[1..], Enumerable.Reverse((await File.ReadAllLinesAsync(_desk.At("back.csv")))[1..]));
    }

    [Fact]
    public async Task Classify_Top_LimitsTheLabels()
    {
        await Desk.DoAsync("classify", _desk.Model(), _desk.Place.Source(), "--top", "1", "--draws", "4", "--output", _desk.At("x.csv"));

        Assert.Equal("path,label,share", (await File.ReadAllLinesAsync(_desk.At("x.csv")))[0]);
    }

    [Fact]
    public async Task Classify_LoneImageWithoutReference_IsRefused() => await _desk.RefuseAsync("classify", _desk.Model(), _desk.Image());

    [Theory]
    [InlineData("--top", "0")]
    [InlineData("--draws", "0")]
    [InlineData("--draws", "1000000")]
    public async Task Classify_NumberOutOfRange_IsRefused(string option, string value) =>
        await _desk.RefuseAsync("classify", _desk.Model(), _desk.Place.Source(), option, value);

    [Theory]
    [InlineData(Objective.Representation, "representation knows no labels. It can embed.")]
    [InlineData(Objective.Generation, "generation knows no labels. It can embed, generate, reconstruct and interpolate.")]
    public async Task Classify_ModelWithoutLabels_SaysWhatItCanDo(Objective objective, string expected)
    {
        var path = _desk.Model(objective);

        await _desk.RefuseAsync("classify", path, _desk.Place.Source());

        using var model = ModelFile.Open(path, TorchSharp.torch.CPU);
        Assert.EndsWith(expected, Assert.Throws<BadInputException>(model.ThrowUnlessItClassifies).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranked_LabelOfTheMiddle_StandsFirst()
    {
        var reading = ClassReading.Of("x", [2, 1, 1, 0, 1], classes: 3);

        Assert.Equal([(2, 0), (1, 0.75), (0, 0.25)], reading.Ranked());
    }
}
