namespace LznPipeline.Shared.Options;

/// <summary>A request or configuration was refused before any work began. Trying again without a change is hopeless.</summary>
public sealed class OptionsException(IReadOnlyList<Problem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public OptionsException(string field, object? given, string allowed)
        : this([new Problem(field, given is string text ? $"'{text}'" : given?.ToString() ?? "nothing", allowed)])
    {
    }

    public IReadOnlyList<Problem> Problems { get; } = problems;
}
