using System.Text.Json;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.Shared.Tests.Recipes;

public sealed class PresetsTests
{
    public static TheoryData<string> AllNames { get; } = [.. Presets.Names];

    [Theory, MemberData(nameof(AllNames))]
    public void Resolve_EveryPreset_IsValid(string name)
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

    [Theory]
    [InlineData("case2-imagenet")] // its section is there, and empty
    [InlineData("case2-small")]
    [InlineData("case3-small")] // has no such section
    public void Resolve_OverrideInASectionThatIsEmptyOrLeftOut_SetsIt(string preset)
    {
        var problems = new Problems();
        var overrides = new Dictionary<string, JsonElement> { ["image.augmentation.randomResizedCrop.scale"] = JsonElement.Parse("[0.2, 1]") };

        var recipe = Presets.Resolve(preset, overrides, problems);

        Assert.Empty(problems.All);
        Assert.Equal([0.2, 1], recipe!.Image.Augmentation!.RandomResizedCrop!.Scale);
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
    [InlineData("training.accumulate", "0", "0")]
    [InlineData("training.accumulate", "129", "129")]
    [InlineData("training.precision", "\"float64\"", "\"float64\"")]
    [InlineData("training.timeBudget", "\"00:00:00\"", "00:00:00")]
    [InlineData("training.timeBudget", "15", "15")]
    [InlineData("training.keepCheckpoints", "0", "0")]
    [InlineData("training.keepCheckpoints", "1001", "1001")]
    [InlineData("training.keepCheckpoints", "null", "null")]
    [InlineData("training.samplesEvery", "-1", "-1")]
    [InlineData("training.samplesEvery", "2.5", "2.5")]
    [InlineData("training.tensorBoard", "\"no\"", "\"no\"")]
    [InlineData("image.size", "30", "30")]
    [InlineData("image.augmentation.randomResizedCrop.size", "30", "30")]
    [InlineData("image.augmentation.randomResizedCrop.size", "24", "24")]       // its decoder draws 32 px
    [InlineData("encoder.channels", "[12]", "[12]")]
    [InlineData("encoder.latentDimension", "0", "0")]
    [InlineData("decoder.conditionDimension", "9", "9")]
    [InlineData("decoder.latent", "\"none\"", "None")]
    [InlineData("decoder.latent", "\"all\"", "\"all\"")]
    [InlineData("flow.solver", "\"heun\"", "\"heun\"")]
    [InlineData("flow.steps", "0", "0")]
    [InlineData("labelFlow.dropFirst", "1", "1")]
    [InlineData("training.coolDown", "-0.1", "-0.1")]
    [InlineData("training.coolDown", "1.1", "1.1")]
    [InlineData("labelFlow.priorScale", "0", "0")]
    [InlineData("labelFlow.priorScale", "1.5", "1.5")]
    [InlineData("sampling.columns", "0", "0")]
    [InlineData("evaluation.trainImages", "5", "5")]
    [InlineData("evaluation.images.samples", "3", "3")]
    [InlineData("evaluation.images.seeds", "0", "0")]
    [InlineData("evaluation.images.reference", "\"validation\"", "\"validation\"")]
    [InlineData("evaluation.images.reconstructions", "0", "0")]
    [InlineData("evaluation.images.featureNetwork", """{ "source": " " }""", "' '", "evaluation.images.featureNetwork.source")]
    [InlineData("evaluation.images.featureNetwork", """{ "source": "net.pt", "size": 0 }""", "0", "evaluation.images.featureNetwork.size")]
    [InlineData("evaluation.priorScales", "[5]", "[5]")]
    public void Resolve_WrongValue_NamesFieldAndValue(string field, string value, string shown, string? named = null)
    {
        Assert.Null(Resolve(out var problems, (field, value)));

        Assert.Contains(problems.All, problem => problem.Field == (named ?? field) && problem.Given == shown);
    }

    [Theory]
    [InlineData("training.batchsize", "training.batchsize", "batchSize")]
    [InlineData("batch.size", "batch", "training")]
    [InlineData("encoder.form.nf", "encoder.form", "channels")]
    public void Resolve_UnknownField_ListsTheKnownOnes(string path, string unknown, string known)
    {
        Assert.Null(Resolve(out var problems, (path, "1")));

        var problem = Assert.Single(problems.All);
        Assert.Equal(unknown, problem.Field);
        Assert.Contains(known, problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_PathThroughAValue_SaysThatItIsNoSection()
    {
        Assert.Null(Resolve(out var problems, ("training.batchSize.most", "1")));

        Assert.Equal("set.training.batchSize.most", Assert.Single(problems.All).Field);
    }

    [Fact]
    public void Resolve_UnknownNetwork_ListsTheKnownOnes()
    {
        Assert.Null(Resolve(out var problems, ("encoder.network", "\"vgg\"")));

        var problem = Assert.Single(problems.All);
        Assert.Equal(("encoder.network", "\"vgg\"", "one of small, ncsnpp, resnet"), (problem.Field, problem.Given, problem.Allowed));
    }

    [Fact]
    public void Resolve_OtherNetwork_HasItsOwnFieldsOnly()
    {
        var recipe = Resolve(out _, ("encoder", """{ "latentDimension": 64, "headLayers": 3, "network": "resnet" }"""))!;
        Resolve(out var problems, ("encoder.network", "\"resnet\""));

        Assert.Equal(3, Assert.IsType<ResNetEncoderRecipe>(recipe.Encoder).HeadLayers);
        Assert.Equal(["encoder.channels", "encoder.blocks"], problems.All.Select(problem => problem.Field));
    }

    [Fact]
    public void Resolve_SectionsOfAnotherObjective_AreAllNamed()
    {
        Resolve(out var problems, ("objective", "\"representation\""));

        Assert.Equal(
            [
                "decoder", "labelFlow", "contrastive", "sampling", "training.decoderBatchSize", "training.learningRate.decoder",
                "training.learningRate.labelAnchors", "training.samplesEvery", "evaluation.priorScales", "evaluation.images"
            ],
            problems.All.Select(problem => problem.Field));
    }

    [Fact]
    public void Resolve_ObjectiveWithoutSectionsItNeeds_NamesThem()
    {
        Resolve(out var problems, ("decoder", "null"), ("labelFlow", "null"), ("training.learningRate.decoder", "null"));

        Assert.Equal(["decoder", "labelFlow", "training.learningRate.decoder"], problems.All.Select(problem => problem.Field));
    }

    [Theory]
    [InlineData(
        """{ "network": "resnet", "latentDimension": 100, "depth": 34, "skRatio": 0.3 }""", "encoder.depth", "encoder.skRatio", "encoder.latentDimension")]
    [InlineData(
        """{ "network": "ncsnpp", "latentDimension": 8, "form": { "nf": 132, "chMult": [1, 2], "numResBlocks": 0, "attnResolutions": [] } }""",
        "encoder.form.numResBlocks", "encoder.form.nf")]
    [InlineData(
        """{ "network": "ncsnpp", "latentDimension": 8, "form": { "nf": 32, "chMult": [1], "numResBlocks": 1, "attnResolutions": [] },"""
        + """ "heads": { "latentTransformationResolutions": [7] } }""",
        "encoder.heads.latentTransformationResolutions")]
    public void Resolve_NetworkOfImpossibleForm_NamesEveryField(string encoder, params string[] fields)
    {
        Resolve(out var problems, ("encoder", encoder));

        Assert.Equal(fields, problems.All.Select(problem => problem.Field));
    }

    [Theory]
    [InlineData("""{ "network": "small", "latentDimension": 8, "channels": [8, 8], "blocks": 1 }""")]
    [InlineData("""{ "network": "small", "latentDimension": 8, "channels": [8, 8, 8], "blocks": 1 }""", "encoder.channels")]
    [InlineData("""{ "network": "resnet", "latentDimension": 32 }""")]
    [InlineData(
        """{ "network": "ncsnpp", "latentDimension": 8, "form": { "nf": 32, "chMult": [1], "numResBlocks": 1, "attnResolutions": [] },"""
        + """ "heads": { "latentTransformationResolutions": [32] } }""",
        "image.augmentation.randomResizedCrop.size")]
    public void Resolve_SmallerCrops_AreForNetworksOfManySizes(string encoder, params string[] fields)
    {
        var problems = new Problems();

        Presets.Resolve(
            "case2-small",
            new Dictionary<string, JsonElement>
            {
                ["image.augmentation.randomResizedCrop.size"] = JsonElement.Parse("20"),
                ["encoder"] = JsonElement.Parse(encoder)
            },
            problems);

        Assert.Equal(fields, problems.All.Select(problem => problem.Field));
    }

    [Fact]
    public void Resolve_PicturesWithoutADecoder_SaysThatThereIsNone()
    {
        var problems = new Problems();

        Assert.Null(Presets.Resolve("case2-small", new Dictionary<string, JsonElement> { ["training.samplesEvery"] = JsonElement.Parse("100") }, problems));

        var problem = Assert.Single(problems.All);
        Assert.Equal(("training.samplesEvery", "100"), (problem.Field, problem.Given));
        Assert.Contains("no decoder", problem.Allowed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.checkpointEvery", "7", true)]
    [InlineData("training.keepCheckpoints", "7", true)]
    [InlineData("training.samplesEvery", "7", true)]
    [InlineData("training.tensorBoard", "false", true)]
    [InlineData("training.warmupIterations", "7", false)]
    public void Identity_ChangedField_IsAnotherOnlyIfResultsAre(string field, string value, bool same)
    {
        var (plain, changed) = (Resolve(out _)!, Resolve(out _, (field, value))!);

        Assert.NotEqual(Json(plain), Json(changed));
        Assert.Equal(same, Json(plain.Identity()) == Json(changed.Identity()));
    }

    [Fact]
    public void Resolve_SeveralWrongFields_ReportsThemAll()
    {
        Resolve(out var values, ("training.iterations", "0"), ("sampling.steps", "0"), ("training.decoderIterations", "0"));
        Resolve(out var shapes, ("training.iterations", "\"many\""), ("sampling.steps", "null"), ("encoder.channels", "8"));

        Assert.Equal(["training.iterations", "sampling.steps"], values.All.Select(problem => problem.Field));
        Assert.Equal(["encoder.channels", "sampling.steps", "training.iterations"], shapes.All.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    private static Recipe? Resolve(out Problems problems, params (string Field, string Json)[] set) =>
        Presets.Resolve("case3-small", set.ToDictionary(pair => pair.Field, pair => JsonElement.Parse(pair.Json)), problems = new Problems());

    private static string Json(Recipe? recipe) => JsonSerializer.Serialize(recipe, LznJson.Options);
}
