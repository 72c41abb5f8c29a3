using System.Text.Json;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.Shared.Tests.Recipes;

public sealed class PresetsTests
{
    public static TheoryData<string> AllNames { get; } = [.. Presets.Names];

    [Theory, MemberData(nameof(AllNames))]
    public void Resolve_EveryPreset_IsValidAndNamesEveryField(string name)
    {
        var problems = new Problems();

        var recipe = Presets.Resolve(name, new Dictionary<string, JsonElement>(), problems);

        Assert.Empty(problems.All);
        Assert.NotNull(recipe);
    }

    [Fact]
    public void Resolve_Override_ChangesOnlyItsField()
    {
        var plain = Resolve(out _);
        var changed = Resolve(out _, ("training.batchSize", "96"))!;

        Assert.Equal(96, changed.Training.BatchSize);
        Assert.Equal(Json(plain), Json(changed with { Training = changed.Training with { BatchSize = plain!.Training.BatchSize } }));
    }

    [Fact]
    public void Resolve_UnknownPreset_ListsTheKnownOnes()
    {
        var problems = new Problems();

        Assert.Null(Presets.Resolve("case9", new Dictionary<string, JsonElement>(), problems));

        var problem = Assert.Single(problems.All);
        Assert.Equal(("preset", "'case9'"), (problem.Field, problem.Given));
        Assert.Contains("case3-small", problem.Allowed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.batchSize", "\"many\"", "\"many\"")]
    [InlineData("training.batchSize", "1.5", "1.5")]
    [InlineData("training.batchSize", "null", "null")]
    [InlineData("training.batchSize", "-128", "-128")]
    [InlineData("training.learningRate.encoder", "0", "0")]
    [InlineData("training.emaDecay", "1", "1")]
    [InlineData("image.size", "30", "30")]
    [InlineData("encoder.channels", "[12]", "[12]")]
    [InlineData("encoder.latentDimension", "0", "0")]
    [InlineData("decoder.conditionDimension", "9", "9")]
    [InlineData("flow.solver", "\"heun\"", "\"heun\"")]
    [InlineData("flow.steps", "0", "0")]
    [InlineData("labelFlow.dropFirst", "1", "1")]
    [InlineData("sampling.perClass", "0", "0")]
    [InlineData("evaluation.priorScales", "[2]", "[2]")]
    public void Resolve_WrongValue_NamesFieldAndValue(string field, string value, string shown)
    {
        Assert.Null(Resolve(out var problems, (field, value)));

        Assert.Contains(problems.All, problem => problem.Field == field && problem.Given == shown);
    }

    [Theory]
    [InlineData("training.batchsize")]
    [InlineData("batch.size")]
    public void Resolve_UnknownField_ListsTheKnownOnes(string field)
    {
        Assert.Null(Resolve(out var problems, (field, "1")));

        var problem = Assert.Single(problems.All);
        Assert.Equal($"set.{field}", problem.Field);
        Assert.Contains("training.batchsize" == field ? "batchSize" : "training", problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_SeveralWrongFields_ReportsThemAll()
    {
        Resolve(out var problems, ("training.iterations", "0"), ("sampling.steps", "0"), ("training.decoderIterations", "0"));

        Assert.Equal(["training.iterations", "sampling.steps"], problems.All.Select(problem => problem.Field));
    }

    private static Recipe? Resolve(out Problems problems, params (string Field, string Json)[] set) =>
        Presets.Resolve("case3-small", set.ToDictionary(pair => pair.Field, pair => JsonElement.Parse(pair.Json)), problems = new Problems());

    private static string Json(Recipe? recipe) => JsonSerializer.Serialize(recipe, LznJson.Options);
}
