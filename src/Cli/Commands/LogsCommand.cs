using System.CommandLine;
using LznPipeline.Cli.Api;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn logs RUN STEP</c>: what a step's job has written.</summary>
internal static class LogsCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var run = new Argument<string>("RUN") { Description = "As './lzn runs' lists it." };
        var step = new Argument<string>("STEP") { Description = "Such as train or embed-00000; './lzn status RUN' lists them." };
        var command = new Command("logs", "Show the log of a step.") { run, step, place.Url, place.Storage };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = place.Client(parsed);
            var store = await place.StoreAsync(parsed, stop);
            var name = parsed.GetRequiredValue(step);
            var seen = await client.RunAsync(parsed.GetRequiredValue(run), stop);
            var found = Array.Find(seen.Steps, each => each.Name == name)
                ?? throw new CliException($"Run {seen.RunId} has no step '{name}'. It has {string.Join(", ", seen.Steps.Select(each => each.Name))}.");
            if (found.Folder is null)
            {
                var why = found.Reused ? "reused an earlier result" : "has no job";
                throw new CliException($"Step '{name}' of {seen.RunId} {why}, so it has no log. './lzn explain {seen.RunId}' says more.");
            }

            var log = await store.FindAsync(BlobLayout.JobLog(seen.RunId, Path.GetFileName(found.Folder)), stop)
                ?? throw new CliException($"Step '{name}' of {seen.RunId} has not written a log yet.");
            Console.Write(log.Content.ToString());
        });
        return command;
    }
}
