using System.CommandLine;
using LznPipeline.GpuJob.Commands.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Inference;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Training;
using LznPipeline.GpuJob.Training.DryRuns;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Commands;

/// <summary>The commands of <c>lzn-gpu</c>: one verb for each kind of job, and what works on files at hand.</summary>
internal static class CommandLine
{
    private const string PrepareVerb = "prepare";
    private const string TrainVerb = "train";

    private static readonly (string Verb, string Description)[] Verbs =
    [
        (PrepareVerb, "Turn a folder or tar of images into a dataset of shards."),
        (TrainVerb, "Train a model on a dataset; goes on from the last checkpoint."),
        ("evaluate", "Measure a trained model and draw samples from it."),
        ("embed-part", "Write embeddings of some shards of a dataset as a parquet part."),
    ];

    /// <summary>Signals are handled here, since a checkpoint takes as long as it takes: the library would end the process two seconds after SIGTERM.</summary>
    private static readonly InvocationConfiguration OwnSignals = new() { ProcessTerminationTimeout = null };

    internal static ParseResult Parse(string[] args) => Create().Parse(args);

    /// <summary>Whether tensors are computed with: such a command lets the device be chosen.</summary>
    internal static bool Computes(ParseResult command) => ComputeDevice.IsChosenFor(command.CommandResult.Command);

    /// <returns>The exit code.</returns>
    internal static Task<int> InvokeAsync(ParseResult command) => command.InvokeAsync(OwnSignals);

    private static RootCommand Create()
    {
        var root = new RootCommand("Runs one job of the LZN pipeline: reads job.json, reports status.json, writes result.json. "
            + "Or uses a trained model, or works on a checkpoint file, without any job or store.");
        foreach (var (verb, description) in Verbs)
            root.Subcommands.Add(Create(verb, description));
        foreach (var command in new[]
        {
            EmbedCommand.Create(),
            ClassifyCommand.Create(),
            GenerateCommand.Create(),
            ReconstructCommand.Create(),
            InterpolateCommand.Create(),
            CheckpointCommand.Create(),
            DeviceCommand.Create()
        })
            root.Subcommands.Add(command);
        return root;
    }

    private static Command Create(string verb, string description)
    {
        var job = new Option<string>("--job")
        {
            Description = "Blob name of job.json, or a file laid out like one (.../runs/RUN/STEP/job.json).",
            Required = true
        };
        var attempt = new Option<int?>("--attempt") { Description = "The attempt this process is. Left out: the next one." };
        var store = new Option<string?>("--store")
        {
            Description = $"Connection string, blob service URL, or folder:PATH. Left out: the setting {StoreAddress.Setting}."
        };
        var command = new Command(verb, description) { job, attempt, store };
        if (verb != PrepareVerb)
            ComputeDevice.AddTo(command);
        if (verb == TrainVerb)
        {
            GroupOptions.AddTo(command);
            DryRunOptions.AddTo(command);
        }

        command.SetAction((parsed, _) =>
        {
            var location = new JobLocation(parsed.GetRequiredValue(job), parsed.GetValue(store));
            return verb == TrainVerb && DryRunOptions.IsDryRun(parsed)
                ? CommandRun.RunAsync(graceful => TryAsync(parsed, location, graceful), JobEnd.Of)
                : CommandRun.RunAsync(graceful => RunAsync(parsed, verb, location, parsed.GetValue(attempt), graceful), JobEnd.Of);
        });
        return command;
    }

    private static async Task<int> TryAsync(ParseResult parsed, JobLocation location, CancellationToken graceful)
    {
        var (store, job) = await location.OpenAsync(TrainVerb, graceful);
        return await DryRunOptions.RunAsync(parsed, store, job, Console.Out, graceful);
    }

    private static async Task<int> RunAsync(ParseResult parsed, string verb, JobLocation location, int? attempt, CancellationToken graceful)
    {
        var launch = verb switch
        {
            TrainVerb => GroupOptions.Read(parsed, [verb, .. location.Arguments]),
            PrepareVerb => new GroupLaunch(),
            _ => new GroupLaunch { Device = ComputeDevice.Read(parsed) },
        };
        if (verb == TrainVerb)
            DryRunOptions.ThrowIfSet(parsed);
        if (launch.Topology.LocalRank > 0)
            ParentWatchdog.Start();
        var (store, job) = await location.OpenAsync(verb, graceful);
        var exit = launch.Topology.Rank == 0
            ? await new JobRunner(store, job, launch, Console.Out, JobVerbs.RunAsync).RunAsync(attempt, graceful)
            : await new JobFollower(store, job, launch, Console.Out).RunAsync(graceful);
        return launch.Topology.World == 1 ? exit : ProcessEnd.Now(exit);
    }
}

/// <summary>Which code runs which kind of job.</summary>
internal static class JobVerbs
{
    internal static async Task<JobResult> RunAsync(JobSpec job, JobContext context) => job switch
    {
        PrepareJob prepare => await PrepareDataset.RunAsync(prepare, context),
        TrainJob train => await TrainModel.RunAsync(train, context),
        EvaluateJob evaluate => await EvaluateModel.RunAsync(evaluate, context),
        EmbedJob embed => await EmbedPart.RunAsync(embed, context),
        _ => throw new BadInputException($"This program does not know jobs of kind {job.Verb}."),
    };
}
