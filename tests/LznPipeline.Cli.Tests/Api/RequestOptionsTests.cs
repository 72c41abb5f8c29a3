using System.CommandLine;
using LznPipeline.Cli.Api;
using LznPipeline.Shared.Options;

namespace LznPipeline.Cli.Tests.Api;

public sealed class RequestOptionsTests
{
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

    [Fact]
    public void Source_NoSuchPath_NamesIt()
    {
        Assert.Contains("/no/such/folder", Assert.Throws<CliException>(() => RequestOptions.Source("/no/such/folder")).Message, StringComparison.Ordinal);
    }

    private static SortedDictionary<string, System.Text.Json.JsonElement> Overrides(params string[] arguments)
    {
        var options = new RequestOptions();
        var command = new RootCommand();
        foreach (var option in options.All)
            command.Options.Add(option);
        return options.Overrides(command.Parse(arguments));
    }
}
