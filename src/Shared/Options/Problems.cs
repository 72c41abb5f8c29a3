namespace LznPipeline.Shared.Options;

/// <summary>Collects everything that is wrong with a request or a configuration, so that its author sees all of it at once.</summary>
public sealed class Problems
{
    private readonly List<Problem> _all = [];

    public IReadOnlyList<Problem> All => _all;

    public bool Any => _all.Count > 0;

    /// <summary>Records a problem unless <paramref name="holds"/>.</summary>
    /// <param name="field">Path of the field as its author writes it, such as <c>training.batchSize</c>.</param>
    /// <param name="given">What was given; shown in quotes when it is text.</param>
    /// <param name="allowed">What is allowed, and what to do.</param>
    public void Unless(bool holds, string field, object? given, string allowed)
    {
        if (!holds)
            _all.Add(new Problem(field, given is string text ? $"'{text}'" : given?.ToString() ?? "nothing", allowed));
    }

    /// <summary>Throws <see cref="OptionsException"/> with every problem, if there is one.</summary>
    public void ThrowIfAny()
    {
        if (Any)
            throw new OptionsException(_all);
    }
}

/// <summary>One wrong field: where it is, what was given, what is allowed.</summary>
public sealed record Problem(string Field, string Given, string Allowed)
{
    public override string ToString() => $"{Field} is {Given}. Allowed: {Allowed}.";
}

/// <summary>A request or configuration was refused before any work began. Trying again without a change is hopeless.</summary>
public sealed class OptionsException(IReadOnlyList<Problem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public OptionsException(string field, object? given, string allowed)
        : this([new Problem(field, given is string text ? $"'{text}'" : given?.ToString() ?? "nothing", allowed)])
    {
    }

    public IReadOnlyList<Problem> Problems { get; } = problems;
}
