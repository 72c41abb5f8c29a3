using System.CommandLine;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Training.DryRuns;

/// <summary>What the command line says of dry runs.</summary>
internal static class DryRunOptions
{
    private static readonly Option<bool> Flag = new("--dry-run")
    {
        Description =
            "Do a few steps in this process alone, and say what the training needs: parameters, memory, time. Nothing is claimed, and nothing written.",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = $"With {Flag.Name}: change a field of the job's recipe, such as training.batchSize=64. May be repeated.",
        DefaultValueFactory = _ => [],
    };

    internal static void AddTo(Command command)
    {
        command.Options.Add(Flag);
        command.Options.Add(Set);
    }

    internal static bool IsDryRun(ParseResult parsed) => parsed.GetValue(Flag);

    /// <summary>A job's recipe is part of what its checkpoints and results are known by, so a run never computes another one.</summary>
    /// <exception cref="OptionsException">There are overrides.</exception>
    internal static void ThrowIfSet(ParseResult parsed)
    {
        if (parsed.GetRequiredValue(Set) is [var first, ..])
            throw new OptionsException(
                Set.Name,
                first,
                $"only with {Flag.Name}: job.json says what is computed, and results are found by it. "
                + $"To train another recipe, start another run: lzn train --set {first}");
    }

    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(ParseResult parsed, ArtifactStore store, JobSpec job, TextWriter console, CancellationToken stop)
    {
        var train = (TrainJob)job;                  // the verb was checked
        var changed = train with { Recipe = RecipeOverrides.Apply(train.Recipe, RecipeOverrides.Parse(parsed.GetRequiredValue(Set))) };
        var report = await DryRun.RunAsync(
            changed,
            new JobSurroundings(store, new ConsoleLog(console), stop, CancellationToken.None)
            {
                Launch = new GroupLaunch { Device = ComputeDevice.Read(parsed) }
            });
        foreach (var line in report.Lines())
            await console.WriteLineAsync(line);
        return ExitCode.Done;
    }
}
