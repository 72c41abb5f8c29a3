using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Objectives;

/// <summary>However networks are computed, training learns the same but for the rounding of the type.</summary>
public sealed class NetworkPassesTests
{
    private const string Ncsnpp =
        """{ "network": "ncsnpp", "latentDimension": 6, "form": """
        + """{ "nf": 8, "chMult": [1, 2], "numResBlocks": 1, "attnResolutions": [4], "dropout": 0.3, "embeddingType": "fourier" } }""";
    private const string NcsnppFir =
        """{ "network": "ncsnpp", "form": """
        + """{ "nf": 8, "chMult": [1, 2], "numResBlocks": 1, "attnResolutions": [4], "dropout": 0.3, "fir": true,"""
        + """ "progressive": "outputSkip", "progressiveInput": "inputSkip", "skipRescale": true } }""";
    private const string Resnet = """{ "network": "resnet", "latentDimension": 64, "depth": 50, "skRatio": 0.0625, "headLayers": 2 }""";

    public static TheoryData<Objective, string?, string?> Networks => new()
    {
        { Objective.Generation, null, null },
        { Objective.Representation, null, null },
        { Objective.Joint, null, null },
        { Objective.Generation, Ncsnpp, NcsnppFir },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step_BatchInThreeParts_HasTheGradientsOfTheWhole(Objective objective, string? encoder, string? decoder)
    {
        var (whole, parts) = (Gradients(objective, encoder, decoder, ("accumulate", "1")), Gradients(objective, encoder, decoder, ("accumulate", "3")));

        AssertNear(whole, parts, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step_ChannelsLast_HasTheGradientsOfTheUsualOrder(Objective objective, string? encoder, string? decoder)
    {
        var (usual, last) = (
            Gradients(objective, encoder, decoder, ("channelsLast", "false")),
            Gradients(objective, encoder, decoder, ("channelsLast", "true")));

        AssertNear(usual, last, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step_Bfloat16_HasTheGradientsOfFloat32ToItsPrecision(Objective objective, string? encoder, string? decoder)
    {
        (encoder, decoder) = (WithoutDropout(encoder), WithoutDropout(decoder));        // which drops others in other types
        var (precise, lower) = (Gradients(objective, encoder, decoder), Gradients(objective, encoder, decoder, ("precision", "\"bfloat16\"")));

        Assert.All(lower, gradient => Assert.Equal(ScalarType.Float32, gradient.dtype));
        Assert.InRange(Distance(precise, lower), 1e-5, 0.1);            // of 8 bits; not 0, or it was not computed in them
    }

    /// <remarks>
    /// Of the encoder by itself: before it has learned anything its anchors are so near to each other that the flow magnifies every rounding. Its fifty layers
    /// do so, too, some hundred times on the way back, by the kinks of their activations; so in bfloat16 the anchors alone are compared.
    /// </remarks>
    [Theory]
    [InlineData("accumulate", "3")]
    [InlineData("channelsLast", "true")]
    public void Anchors_Resnet_HaveTheGradientsOfThePlainPass(string field, string json)
    {
        AssertNear(ResnetPass().Gradients, ResnetPass((field, json)).Gradients, 1e-4);
    }

    /// <remarks>
    /// What rounding the weights alone does to the anchors, by the network's conditioning, is the measure: rounding every map as well may do a few times as
    /// much. The tenth does not come from the network: a number is rounded by 2^-8 at most, by 0.0016 in the mean square, and some 200 maps one behind the
    /// other, as independent errors that nothing magnifies, by 0.02 together; five times that leaves room for the weights and for what magnifies.
    /// </remarks>
    [Fact]
    public void Anchors_ResnetInBfloat16_AreThoseOfFloat32ToItsPrecision()
    {
        var plain = ResnetPass().Anchors;

        var lower = Distance([plain], [ResnetPass(("precision", "\"bfloat16\"")).Anchors]);

        Assert.InRange(lower, 1e-4, Math.Min(0.1, 3 * Distance([plain], [ResnetPass(RoundToBfloat16).Anchors])));
    }

    [Fact]
    public void Step_WithDropout_DependsOnNothingThatOthersDraw()
    {
        var recipe = Recipe(Objective.Generation, Ncsnpp, NcsnppFir);
        using var single = new SingleDevice();
        using var batches = new DrawnBatches(recipe, single);
        using var scope = NewDisposeScope();
        using var alone = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, single);
        using var disturbed = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, single);
        using var other = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 2, single);

        var expected = new[] { alone.Step(), alone.Step() };
        var given = new List<StepReport>();
        foreach (var _ in expected)
        {
            manual_seed(given.Count + 100);
            other.Step();
            given.Add(disturbed.Step());
        }

        Assert.Equal(expected.Select(report => (report.Loss, report.GradientNorm)), given.Select(report => (report.Loss, report.GradientNorm)));
    }

    private static void RoundToBfloat16(LznModel model)
    {
        using var frozen = no_grad();
        foreach (var parameter in model.parameters())
            parameter.copy_(parameter.to_type(ScalarType.BFloat16));
    }

    private static (Tensor Anchors, List<Tensor> Gradients) ResnetPass(params (string Field, string Json)[] training) => ResnetPass(_ => { }, training);

    private static (Tensor Anchors, List<Tensor> Gradients) ResnetPass(Action<LznModel> change, params (string Field, string Json)[] training)
    {
        var recipe = Recipe(Objective.Representation, Resnet, decoder: null, training);
        using var single = new SingleDevice();
        using var generator = new Generator(1);
        using var model = new LznModel(recipe, classes: 0, generator);
        change(model);
        var passes = new NetworkPasses(recipe.Training, model, new Draws(1), single);
        var anchors = passes.Anchors(rand([8, 3, 32, 32], generator: generator));
        BackwardPass.From(anchors, randn([8, 64], generator: generator));
        return (anchors.detach(), [.. model.parameters().Select(parameter => parameter.grad!.clone())]);
    }

    private static string? WithoutDropout(string? network) => network?.Replace("\"dropout\": 0.3", "\"dropout\": 0", StringComparison.Ordinal);

    private static Recipe Recipe(Objective objective, string? encoder, string? decoder, params (string Field, string Json)[] training) =>
        Workplace.TinyRecipe(objective,
        [
            .. encoder is null ? Array.Empty<(string, string)>() : [("encoder", encoder)],
            .. decoder is null ? Array.Empty<(string, string)>() : [("decoder", decoder)],
            .. training.Select(each => ($"training.{each.Field}", each.Json)),
        ]);

    /// <summary>Of the first step.</summary>
    private static List<Tensor> Gradients(Objective objective, string? encoder, string? decoder, params (string Field, string Json)[] training)
    {
        var recipe = Recipe(objective, encoder, decoder, training);
        using var single = new SingleDevice();
        using var batches = new DrawnBatches(recipe, single);
        using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, single);
        Assert.False(run.Step().Skipped);
        return [.. run.Model.parameters().Where(parameter => parameter.grad is not null).Select(parameter => parameter.grad!.clone())];
    }

    private static void AssertNear(List<Tensor> expected, List<Tensor> given, double tolerance)
    {
        Assert.InRange(Distance(expected, given), 0, tolerance);
    }

    /// <summary>Norm of the difference of all gradients together, over that of the expected.</summary>
    private static double Distance(List<Tensor> expected, List<Tensor> given)
    {
        Assert.Equal(expected.Select(each => each.shape), given.Select(each => each.shape));
        var squares = expected.Zip(given, (a, b) => (a - b).square().sum().item<float>()).Sum(each => (double)each);
        return Math.Sqrt(squares / expected.Sum(each => (double)each.square().sum().item<float>()));
    }
}
