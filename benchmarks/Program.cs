using System.CommandLine;
using LznPipeline.Benchmarks;
using LznPipeline.Cli;
using Spectre.Console;

if (Console.IsOutputRedirected)
    AnsiConsole.Console = PlainConsole.Create();
var benchmarks = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type.IsAssignableTo(typeof(IBenchmark)) && !type.IsAbstract)
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)    // not null: a benchmark is a class
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToList();

var name = new Argument<string?>("NAME") { Description = "The benchmark to run; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne };
var json = new Option<bool>("--json") { Description = "Write one line of JSON for each measure: name, value, unit, peer, peerValue, ratio." };
var root = new RootCommand("Our programs and their peers, side by side.") { name, json };
root.SetAction(async (parsed, stop) =>
{
    var given = parsed.GetValue(name);
    if (benchmarks.Find(benchmark => benchmark.Name == given) is not { } chosen)
    {
        foreach (var benchmark in benchmarks)
            AnsiConsole.MarkupLineInterpolated($"[bold]{benchmark.Name,-20}[/] {benchmark.Summary}");
        if (given is null)
            return 0;
        await Console.Error.WriteLineAsync($"There is no benchmark '{given}'; the list above has them all.");
        return 64;
    }

    await (parsed.GetValue(json) ? Report.WriteJsonAsync(chosen, stop) : Report.WriteTableAsync(chosen, stop));
    return 0;
});
return await root.Parse(args).InvokeAsync();
