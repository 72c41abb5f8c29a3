using System.CommandLine;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn bench</c>: hands over to the program in benchmarks/.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "The benchmark; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One line of JSON for each measure." };
        var command = new Command("bench", "Measure ours and its peers side by side.") { name, json };
        command.SetAction((parsed, stop) => BuiltProgram.RunAsync(
            "benchmarks", "LznPipeline.Benchmarks", new[] { parsed.GetValue(name), parsed.GetValue(json) ? "--json" : null }.OfType<string>(), stop));
        return command;
    }
}
