using System.CommandLine;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn checkpoint</c>: hands its words over to <c>lzn-gpu</c>, which knows networks and tensors.</summary>
internal static class CheckpointCommand
{
    private const string Name = "checkpoint";

    internal static Command Create()
    {
        // Of its own, so that it is handed over like every other word, and not answered here.
        var help = new Option<bool>("--help", "-h", "-?") { Description = "Show its commands and options." };
        var command = new Command(Name, "Look at a checkpoint (show FILE); take one from PyTorch (import FILE.pt --preset NAME) or to it (export FILE).") { help };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => BuiltProgram.RunAsync("src/GpuJob", "lzn-gpu", [Name, .. parsed.UnmatchedTokens, .. parsed.GetValue(help) ? ["--help"] : Array.Empty<string>()], stop));
        return command;
    }
}
