using System.CommandLine;

namespace LznPipeline.GpuJob.Inference.Arguments;

/// <summary>Where a command writes: as everywhere in this program, what is there is replaced only by force.</summary>
/// <param name="Path">Null for standard output.</param>
internal sealed record Target(string? Path, bool Force)
{
    private static readonly Option<bool> ForceOption = new("--force") { Description = "Replace what is there." };

    internal static Option<string?> AddTo(Command command, string what, bool required)
    {
        var output = new Option<string?>("--output", "--out", "-o") { Description = what, Required = required };
        command.Options.Add(output);
        command.Options.Add(ForceOption);
        return output;
    }

    internal static Target Read(ParseResult parsed, Option<string?> output) => new(parsed.GetValue(output), parsed.GetValue(ForceOption));
}
