using System.Globalization;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>A measured number.</summary>
/// <param name="Name">Its name in the metrics, such as <c>frechet_distance</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Meaning">How to read it.</param>
internal sealed record Figure(string Name, string Title, double Value, string Meaning)
{
    /// <summary>Standard deviation over repetitions; null when it was measured once.</summary>
    internal double? Spread { get; init; }

    /// <summary>Whether it is a part of a whole, shown in percent.</summary>
    internal bool IsShare { get; init; }

    /// <summary>The value for people.</summary>
    internal string Text => IsShare ? $"{Digits(Value * 100)} %" : Digits(Value);

    /// <summary>The spread as <see cref="Text"/> shows the value; empty when there is none.</summary>
    internal string SpreadText => Spread is { } spread ? $"± {Digits(IsShare ? spread * 100 : spread)}" : "";

    /// <summary>Mean and standard deviation of repeated measurements.</summary>
    internal static Figure OfRuns(string name, string title, IReadOnlyList<double> values, string meaning)
    {
        var mean = values.Average();
        var spread = values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)) : (double?)null;
        return new Figure(name, title, mean, meaning) { Spread = spread };
    }

    /// <summary>A number with as many decimals as the value has.</summary>
    private string Digits(double number) => number.ToString(IsShare || Math.Abs(Value) >= 100 ? "0.0" : Math.Abs(Value) >= 1 ? "0.00" : "0.0000", CultureInfo.InvariantCulture);
}
