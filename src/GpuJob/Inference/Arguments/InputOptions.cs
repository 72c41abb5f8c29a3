using System.CommandLine;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Requests;

namespace LznPipeline.GpuJob.Inference.Arguments;

/// <summary>What the command line says of the images that a model is used on.</summary>
/// <param name="Inputs">Paths, as they were typed.</param>
/// <param name="Reference">A source of images whose zones the inputs are put among; null for each other's.</param>
/// <param name="BatchSize">Images that go through a network together; null for what suits the network.</param>
internal sealed record InputOptions(string[] Inputs, string? Reference, BadImagePolicy OnBadImage, int? BatchSize)
{
    private const int MaxTogether = 65536;

    private static readonly Option<string?> ReferenceOption = new("--reference")
    {
        Description = "A source of images like those of training. "
            + "Each image's zone is formed among theirs, so that what is read of it depends on no other input. Left out: among those of the inputs.",
    };

    private static readonly WordOption<BadImagePolicy> OnBadImageOption =
        new("--on-bad-image", "What a broken image does: fail, or skip, which names it and leaves it out. Left out: fail.");

    private static readonly Option<int?> BatchSizeOption = new("--batch-size")
    {
        Description = "Images that go through a network together. Decides about memory and speed; results change by rounding only."
    };

    /// <param name="arity">How many inputs.</param>
    /// <returns>The inputs.</returns>
    internal static Argument<string[]> AddTo(
        Command command,
        ArgumentArity arity,
        string name = "INPUT",
        string what = "An image, a folder, an archive (tar, zip, 7z) or a parquet file; any source that docs/data.md lists.")
    {
        var inputs = new Argument<string[]>(name) { Description = what, Arity = arity };
        command.Arguments.Add(inputs);
        command.Options.Add(ReferenceOption);
        command.Options.Add(OnBadImageOption);
        AddBatchSizeTo(command);
        return inputs;
    }

    internal static void AddBatchSizeTo(Command command) => command.Options.Add(BatchSizeOption);

    /// <exception cref="OptionsException">A value is out of range.</exception>
    internal static InputOptions Read(ParseResult parsed, Argument<string[]> inputs)
    {
        var (paths, problems) = (parsed.GetValue(inputs) ?? [], new Problems());
        foreach (var twice in paths.CountBy(path => path).Where(each => each.Value > 1))
            problems.Unless(false, inputs.Name, twice.Key, "each input once");
        problems.ThrowIfAny();
        return new InputOptions(paths, parsed.GetValue(ReferenceOption), OnBadImageOption.Read(parsed) ?? BadImagePolicy.Fail, ReadBatchSize(parsed));
    }

    /// <exception cref="OptionsException">It is out of range.</exception>
    internal static int? ReadBatchSize(ParseResult parsed) =>
        parsed.GetValue(BatchSizeOption) is { } size ? WholeNumber(BatchSizeOption, size, 1, MaxTogether) : null;

    /// <exception cref="OptionsException">It is out of range.</exception>
    internal static int WholeNumber(Option option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new OptionsException(option.Name, value, $"a whole number from {least} to {most}");
}

/// <summary>An option whose value is one of a few words.</summary>
internal sealed class WordOption<T> : Option<string?>
    where T : struct, Enum
{
    internal WordOption(string name, string description)
        : base(name)
    {
        Description = description;
        this.AcceptOnlyFromAmong(Array.ConvertAll(Enum.GetNames<T>(), word => word.ToLowerInvariant()));
    }

    /// <returns>Null when the option is left out.</returns>
    internal T? Read(ParseResult parsed) => parsed.GetValue(this) is { } word ? Enum.Parse<T>(word, ignoreCase: true) : null;
}

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
