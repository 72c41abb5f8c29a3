using System.CommandLine;
using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Checkpoints.Commands;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Training.Trials;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>The commands of <c>lzn-gpu</c>: one verb for each kind of job, and what works on files at hand.</summary>
internal static class CommandLine
{
    private const string TrainVerb = "train";

    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("prepare", "Turn a folder or tar of images into a dataset of shards."),
        (TrainVerb, "Train a model on a dataset; goes on from the last checkpoint."),
        ("evaluate", "Measure a trained model and draw samples from it."),
        ("embed", "Write embeddings of some shards as a parquet part."),
    ];

    /// <summary>Signals are handled here, since a checkpoint takes as long as it takes: the library would end the process two seconds after SIGTERM.</summary>
    private static readonly InvocationConfiguration OwnSignals = new() { ProcessTerminationTimeout = null };

    internal static ParseResult Parse(string[] args) => Create().Parse(args);

    /// <returns>The exit code.</returns>
    internal static Task<int> InvokeAsync(ParseResult command) => command.InvokeAsync(OwnSignals);

    private static RootCommand Create()
    {
        var root = new RootCommand("Runs one job of the LZN pipeline: reads job.json, reports status.json, writes result.json. Or works on a checkpoint file.");
        foreach (var (verb, description) in Verbs)
            root.Subcommands.Add(Create(verb, description));
        root.Subcommands.Add(CheckpointCommand.Create());
        return root;
    }

    private static Command Create(string verb, string description)
    {
        var job = new Option<string>("--job") { Description = "Blob name of job.json, or a file laid out like one (.../runs/RUN/STEP/job.json).", Required = true };
        var attempt = new Option<int?>("--attempt") { Description = "The attempt this process is. Left out: the next one." };
        var store = new Option<string?>("--store") { Description = $"Connection string, blob service URL, or folder:PATH. Left out: the setting {StoreAddress.Setting}." };
        var command = new Command(verb, description) { job, attempt, store };
        if (verb == TrainVerb)
        {
            GroupOptions.AddTo(command);
            TrialOptions.AddTo(command);
        }

        command.SetAction((parsed, _) =>
        {
            var location = new JobLocation(parsed.GetRequiredValue(job), parsed.GetValue(store));
            return verb == TrainVerb && TrialOptions.IsDryRun(parsed)
                ? RunAsync(polite => TryAsync(parsed, location, polite))
                : RunAsync(polite => RunAsync(parsed, verb, location, parsed.GetValue(attempt), polite));
        });
        return command;
    }

    private static async Task<int> TryAsync(ParseResult parsed, JobLocation location, CancellationToken polite)
    {
        var (store, job) = await location.OpenAsync(TrainVerb, polite);
        return await TrialOptions.RunAsync(parsed, store, job, Console.Out, polite);
    }

    private static async Task<int> RunAsync(ParseResult parsed, string verb, JobLocation location, int? attempt, CancellationToken polite)
    {
        var launch = verb == TrainVerb ? GroupOptions.Read(parsed, [verb, .. location.Arguments]) : new GroupLaunch();
        if (verb == TrainVerb)
            TrialOptions.ThrowIfSet(parsed);
        if (launch.Topology.LocalRank > 0)
            Leash.Hold();
        var (store, job) = await location.OpenAsync(verb, polite);
        var exit = launch.Topology.Rank == 0
            ? await new JobRunner(store, job, launch, Console.Out).RunAsync(attempt, polite)
            : await new JobFollower(store, job, launch, Console.Out).RunAsync(polite);
        return launch.Topology.World == 1 ? exit : ProcessEnd.Now(exit);
    }

    /// <param name="work">Gets what is cancelled when the process is asked to end.</param>
    private static async Task<int> RunAsync(Func<CancellationToken, Task<int>> work)
    {
        using var polite = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Request);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Request);
        try
        {
            return await work(polite.Token);
        }
        catch (Exception early)
        {
            // Nothing was claimed, so the exit code and this line are all there is.
            var end = polite.IsCancellationRequested && early is OperationCanceledException ? new JobEnd(ExitCode.Interrupted, null, early) : JobEnd.Of(early);
            await Console.Error.WriteLineAsync(end.ExitCode is ExitCode.Bug ? early.ToString() : early.Message);
            return end.ExitCode;
        }

        void Request(PosixSignalContext signal)
        {
            signal.Cancel = true;       // the default would end the process before a checkpoint is saved
            polite.Cancel();
        }
    }
}
