using System.CommandLine;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Commands;

/// <summary>
/// What works on models and images at hand:
/// <c>lzn embed</c>, <c>lzn checkpoint</c> and the like are handed over to <c>lzn-gpu</c>, which knows networks and tensors.
/// </summary>
internal static class GpuCommands
{
    internal static IEnumerable<Command> Create() =>
    [
        Create("embed", "Write embeddings of images by a trained model (MODEL INPUT... --output FILE.parquet)."),
        Create("classify", "Read labels from images by a trained model (MODEL INPUT...)."),
        Create("generate", "Draw new images by a trained model (MODEL --output FILE.png)."),
        Create("reconstruct", "Lead images back to their noise and forward again (MODEL INPUT... --output FILE.png)."),
        Create("interpolate", "Draw the way from one image to another (MODEL IMAGE IMAGE --output FILE.png)."),
        Create("checkpoint", "Look at a checkpoint (show FILE); take one from PyTorch (import FILE.pt --preset NAME) or to it (export FILE)."),
    ];

    private static Command Create(string name, string description)
    {
        // Of its own, so that it is handed over like every other word, and not answered here.
        var help = new Option<bool>("--help", "-h", "-?") { Description = "Show its options." };
        var command = new Command(name, description) { help };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => BuiltProgram.RunAsync(
            "src/GpuJob", "lzn-gpu", [name, .. parsed.UnmatchedTokens, .. parsed.GetValue(help) ? ["--help"] : Array.Empty<string>()], stop));
        return command;
    }
}
