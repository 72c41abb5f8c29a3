using System.CommandLine;
using System.Text.Json;
using LznPipeline.Cli.Api;
using LznPipeline.Cli.Demo;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Cli.Tests.Api;

public sealed class RequestOptionsTests
{
    private static readonly RequestOptions Options = new();

    [Fact]
    public void Overrides_ValuesOfAllKinds_BecomeJsonOfTheirKind()
    {
        var overrides = Overrides("--set", "training.iterations=300", "--set", "encoder.channels=[8,8]", "--set", "flow.solver=euler");

        Assert.Equal(300, overrides["training.iterations"].GetInt32());
        Assert.Equal(2, overrides["encoder.channels"].GetArrayLength());
        Assert.Equal("euler", overrides["flow.solver"].GetString());
    }

    [Theory]
    [InlineData("training.iterations")]
    [InlineData("=3")]
    public void Overrides_NoFieldOrNoValue_SaysWhatIsAllowed(string given)
    {
        var error = Assert.Throws<OptionsException>(() => Overrides("--set", given));

        Assert.Contains($"'{given}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("FIELD=VALUE", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data/cifar10-train.tar", "cifar10-train")]
    [InlineData("/data/My Cats/", "my-cats")]
    [InlineData("/", "images")]
    public void NameOf_Path_IsAllowedInStorage(string path, string name) => Assert.Equal(name, RequestOptions.NameOf(path));

    [Theory]
    [InlineData(BadImagePolicy.Fail)]
    [InlineData(BadImagePolicy.Skip, "--on-bad-image", "skip")]
    public void Dataset_OnBadImage_IsWhatTheCommandLineSays(BadImagePolicy expected, params string[] arguments)
    {
        var command = new Command("train");
        foreach (var option in Options.All)
            command.Options.Add(option);

        Assert.Equal(expected, Options.Dataset("/data/cats", command.Parse(arguments)).OnBadImage);
    }

    [Fact]
    public void Source_NoSuchPath_NamesIt()
    {
        Assert.Contains("/no/such/folder", Assert.Throws<CliException>(() => RequestOptions.Source("/no/such/folder")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_OfTheDemo_FitItsPresetAndGiveWayToWhatIsTyped()
    {
        var overrides = Overrides(DemoPlan.ShortCourse, "--set", "training.iterations=300");

        var problems = new Problems();
        Assert.Equal(300, Presets.Resolve(Parse().GetRequiredValue(Options.Preset), overrides, problems)?.Training.Iterations);
        Assert.Empty(problems.All);
        Assert.Equal(DemoPlan.ShortCourse.Count, overrides.Count);
    }

    private static SortedDictionary<string, JsonElement> Overrides(params string[] arguments) => Overrides([], arguments);

    private static SortedDictionary<string, JsonElement> Overrides(IEnumerable<string> unlessGiven, params string[] arguments) =>
        Options.Overrides(Parse(arguments), unlessGiven);

    private static ParseResult Parse(params string[] arguments)
    {
        var command = new RootCommand();
        foreach (var option in Options.All)
            command.Options.Add(option);
        return command.Parse(arguments);
    }
}
