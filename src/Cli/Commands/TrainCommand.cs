using System.CommandLine;
using LznPipeline.Cli.Api;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn train</c>: posts a request, from a file or from options.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var options = new RequestOptions();
        var file = new Argument<FileInfo?>("FILE") { Description = "A request as JSON; or use --data and the options below.", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "The model's name; that of the data if left out." };
        var from = new Option<string?>("--from")
        {
            Description =
                "A checkpoint to begin with in place of new weights, such as one that 'checkpoint import' wrote; or blob:NAME of one in the container."
        };
        var follow = new Option<bool>("--follow") { Description = "Show its progress until it ends." };
        var command = new Command("train", "Start a training run.") { file, name, from, follow, place.Url };
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction(async (parsed, stop) =>
        {
            var request = parsed.GetValue(file) is { } given
                ? TrainRequest.Parse(await File.ReadAllTextAsync(given.FullName, stop))
                : Request(parsed, options, parsed.GetValue(name)) with { StartFrom = Start(parsed.GetValue(from)) };
            _ = request.Validate();     // here, so that a mistake is told even while no pipeline runs
            using var client = place.Client(parsed);
            var run = await client.TrainAsync(request, stop);
            Console.WriteLine(run.RunId);
            if (!run.Started)
                await Console.Error.WriteLineAsync(
                    $"This is the run of the same request of {run.CreatedAt.ToLocalTime():g}; it is {run.Status}. Another --seed trains anew.");
            return !parsed.GetValue(follow) || (await RunFollower.FollowAsync(client, run.RunId, stop)).Status is "Completed" ? 0 : 1;
        });
        return command;
    }

    private static string? Start(string? from) => from is null ? null : RequestOptions.Source(from, "--from", "a checkpoint file");

    private static TrainRequest Request(ParseResult parsed, RequestOptions options, string? name)
    {
        var source = RequestOptions.Source(
            parsed.GetValue(options.Data) ?? throw new CliException("Nothing to train on: give a FILE with a request, or --data."));
        return new TrainRequest
        {
            Name = name ?? RequestOptions.NameOf(source),
            Dataset = options.Dataset(source, parsed),
            Preset = parsed.GetRequiredValue(options.Preset),
            Set = options.Overrides(parsed),
            Seed = parsed.GetValue(options.Seed),
        };
    }
}
