using System.CommandLine;
using LznPipeline.Cli.Commands;

namespace LznPipeline.Cli.Tests.Commands;

public sealed class GpuCommandsTests
{
    [Theory]
    [InlineData("embed", "model.safetensors", "photos", "--output", "x.parquet", "--batch-size=3")]
    [InlineData("interpolate", "model.safetensors", "--seeds", "1", "2", "-o", "x.png")]
    [InlineData("checkpoint", "show", "model.safetensors", "--all")]
    public void Parse_WordsOfTheOtherProgram_AreKeptForIt(string verb, params string[] words)
    {
        var root = new RootCommand();
        foreach (var command in GpuCommands.Create())
            root.Subcommands.Add(command);

        var parsed = root.Parse([verb, .. words]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(words, parsed.UnmatchedTokens);
    }
}
