namespace Lzn.Functions;

/// <summary>The host cannot start for a reason outside its code; the message says what is wrong and what to do.</summary>
public sealed class FunctionsStartException : Exception
{
    public FunctionsStartException(string message)
        : base(message)
    {
    }

    public FunctionsStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static FunctionsStartException From(IReadOnlyCollection<string> problems) =>
        new(problems.Count == 1
            ? problems.First()
            : $"The functions host found {problems.Count} problems:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(problem => "  - " + problem))}");
}
