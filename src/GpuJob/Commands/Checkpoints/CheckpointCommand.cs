using System.CommandLine;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Published;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Commands.Checkpoints;

/// <summary><c>lzn-gpu checkpoint</c>: files that people have at hand, without any store.</summary>
internal static class CheckpointCommand
{
    internal static Command Create() => new("checkpoint", "Look at a checkpoint; take one from or to PyTorch.") { Import(), Export(), Show() };

    private static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "What the published trainers saved, such as 000008000-000200000.pt." };
        var preset = new Option<string>("--preset")
        {
            Description = $"What its networks look like: one of {string.Join(", ", Presets.Names)}.",
            Required = true
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Change a field of the preset, such as encoder.form.nf=64. May be repeated.",
            DefaultValueFactory = _ => []
        };
        var classes = new Option<string?>("--classes") { Description = "Names of its labels in their order, such as cat,dog. Left out: 0, 1, 2 and so on." };
        var (output, force) = Target(".safetensors");
        var command = new Command("import", "Make a checkpoint of this program from one of the published trainers. Nothing that the file names is run.")
        {
            file, preset, set, classes, output, force
        };
        command.SetAction(parsed => Run(() =>
        {
            using var torch = TorchFile.Open(parsed.GetRequiredValue(file));
            var import = new PublishedImport(torch, parsed.GetRequiredValue(preset), RecipeOverrides.Parse(parsed.GetRequiredValue(set)));
            var path = parsed.GetValue(output) ?? Path.ChangeExtension(parsed.GetRequiredValue(file), ".safetensors");
            OutputFile.Write(path, parsed.GetValue(force), to => import.Write(to, parsed.GetValue(classes)?.Split(',')));
            foreach (var field in import.Adopted)
                Console.WriteLine($"from the file: {field}");
            Console.WriteLine($"written: {path}");
        }));
        return command;
    }

    private static Command Export()
    {
        var file = new Argument<string>("FILE") { Description = "A checkpoint of this program: model.safetensors, or a training state." };
        var plain = new Option<bool>("--plain-numbers")
        {
            Description = "Write learning rates and the like as numbers, as the published trainers do. "
                + "Left out: as tensors of one element, which torch.load(weights_only=True) needs before PyTorch 2.1.",
        };
        var (output, force) = Target(".pt");
        var command = new Command("export", "Make what the published trainers save, for torch.load.") { file, plain, output, force };
        command.SetAction(parsed => Run(() =>
        {
            using var checkpoint = Checkpoint.Open(parsed.GetRequiredValue(file));
            var path = parsed.GetValue(output) ?? Path.ChangeExtension(parsed.GetRequiredValue(file), ".pt");
            OutputFile.Write(path, parsed.GetValue(force), new PublishedExport(checkpoint, fractionsAsTensors: !parsed.GetValue(plain)).Write);
            Console.WriteLine($"written: {path}");
        }));
        return command;
    }

    private static Command Show()
    {
        var file = new Argument<string>("FILE") { Description = "A checkpoint of this program, a safetensors file, or what torch.save wrote." };
        var all = new Option<bool>("--all") { Description = "List EMA weights and the optimizer's moments, too." };
        var command = new Command("show", "Show what is in a checkpoint: recipe, progress, tensors with their norms, and whether all are finite.")
        {
            file, all
        };
        command.SetAction(parsed => Run(() =>
        {
            using var view = CheckpointView.Open(parsed.GetRequiredValue(file));
            new CheckpointTable(view).Write(Console.Out, parsed.GetValue(all));
        }));
        return command;
    }

    private static (Option<string?> Output, Option<bool> Force) Target(string ending) => (
        new("--output") { Description = $"The file to write. Left out: FILE with the ending {ending}." },
        new("--force") { Description = "Replace a file that is there." });

    /// <returns>The exit code.</returns>
    private static int Run(Action work)
    {
        try
        {
            work();
            return ExitCode.Done;
        }
        catch (Exception failed)
        {
            var end = JobEnd.OfCommand(failed);
            Console.Error.WriteLine(end.ExitCode is ExitCode.Bug ? failed.ToString() : failed.Message);
            return end.ExitCode;
        }
    }
}
