using LznPipeline.Shared.Options;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Tests.Requests;

public sealed class TrainRequestTests
{
    private const string Good = """{ "name": "shapes", "dataset": { "name": "shapes", "source": "/data/shapes" } }""";

    [Fact]
    public void Parse_LeftOutFields_HaveTheirDefaults()
    {
        var request = TrainRequest.Parse(Good);

        Assert.Equal(("case3-small", 0L, 1000), (request.Preset, request.Seed, request.ImagesPerPart));
        Assert.Equal(BadImagePolicy.Fail, request.Dataset.OnBadImage);
    }

    [Fact]
    public void Parse_SeveralWrongFields_NamesEveryOne()
    {
        var wrong = Assert.Throws<OptionsException>(() => TrainRequest.Parse(
            """{ "nmae": "shapes", "dataset": { "name": 7, "source": "/data", "maxImages": "many", "onBadImage": "ignore", "colour": null }, "seed": 1.5 }"""));

        Assert.Equal(
            ["dataset.colour", "dataset.maxImages", "dataset.name", "dataset.onBadImage", "name", "nmae", "seed"],
            wrong.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
        Assert.Contains(wrong.Problems, problem => problem is { Field: "dataset.onBadImage", Given: "\"ignore\"", Allowed: "one of fail, skip" });
        Assert.Contains(wrong.Problems, problem => problem is { Field: "dataset.maxImages", Given: "\"many\"" });
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("""{ "name": "a", "name": "b" }""", "body")]
    [InlineData("""{ "name": "a", "dataset": null }""", "dataset")]
    [InlineData("""{ "name": "a", "dataset": [] }""", "dataset")]
    [InlineData("""{ "name": null, "dataset": { "name": "a", "source": "b" } }""", "name")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "b" }, "set": [] }""", "set")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "b" }, "set": null }""", "set")]
    public void Parse_NoRequest_NamesTheField(string json, string field)
    {
        var wrong = Assert.Throws<OptionsException>(() => TrainRequest.Parse(json));

        Assert.Equal(field, Assert.Single(wrong.Problems, problem => problem.Field == field).Field);
    }

    [Fact]
    public void Validate_SeveralWrongValues_NamesEveryOne()
    {
        var request = TrainRequest.Parse(
            """{ "name": "Shapes!", "dataset": { "name": "", "source": " ", "maxImages": 1, "testFraction": 1 }, "preset": "case9", "imagesPerPart": 0 }""");

        var wrong = Assert.Throws<OptionsException>(() => request.Validate());

        Assert.Equal(
            ["dataset.maxImages", "dataset.name", "dataset.source", "dataset.testFraction", "imagesPerPart", "name", "preset"],
            wrong.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Validate_NegativeBatchSize_SaysWhatWasGivenAndWhatIsAllowed()
    {
        var request = TrainRequest.Parse(Good[..^1] + """, "set": { "training.batchSize": -4 } }""");

        var problem = Assert.Single(Assert.Throws<OptionsException>(() => request.Validate()).Problems, problem => problem.Field == "training.batchSize");

        Assert.Equal(("-4", "2 to 65536"), (problem.Given, problem.Allowed));
    }

    [Fact]
    public void RunId_SameRequestInAnotherSpelling_IsTheSame()
    {
        var spelled = TrainRequest.Parse(
            """{ "seed": 0, "dataset": { "source": "/data/shapes", "testFraction": 0.15, "name": "shapes" },"""
            + """ "preset": "case3-small", "name": "shapes", /* all else as usual */ }""");

        Assert.Equal(TrainRequest.Parse(Good).RunId(), spelled.RunId());
        Assert.Matches("^shapes-[0-9a-f]{16}$", spelled.RunId());
    }

    [Fact]
    public void RunId_AnyChangedField_Differs()
    {
        var request = TrainRequest.Parse(Good);
        TrainRequest[] changed =
        [
            request with { Name = "other" },
            request with { Seed = 1 },
            request with { ImagesPerPart = 999 },
            request with { StartFrom = "/models/first.safetensors" },
            request with { Dataset = request.Dataset with { MaxImages = 100 } },
            TrainRequest.Parse(Good[..^1] + """, "set": { "training.batchSize": 64 } }"""),
        ];

        Assert.Equal(changed.Length + 1, changed.Append(request).Select(each => each.RunId()).Distinct().Count());
    }
}
