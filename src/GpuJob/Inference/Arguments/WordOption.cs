using System.CommandLine;

namespace LznPipeline.GpuJob.Inference.Arguments;

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
