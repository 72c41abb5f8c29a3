using System.Globalization;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>What training wrote to metrics.csv: a header, then a row an iteration with the attempt, the iteration, and quantities.</summary>
internal sealed record TrainingCurves(IReadOnlyList<TrainingCurve> Columns)
{
    private const string Attempt = "attempt";
    private const string Iteration = "iteration";

    /// <summary>Iterations kept: of longer trainings every second, fourth, ... one, so that a table of any length is read in little memory.</summary>
    private const int MostRows = 4096;

    /// <summary>Reads the table. Iterations that a killed attempt did and the next did again count once, as the last did them; a last line that was cut is left out.</summary>
    /// <returns>Null when there is nothing to draw.</returns>
    internal static async Task<TrainingCurves?> ReadAsync(Stream csv, CancellationToken stop)
    {
        using var reader = new StreamReader(csv);
        var names = (await reader.ReadLineAsync(stop))?.Split(',') ?? [];
        var place = Array.IndexOf(names, Iteration);
        var rows = new SortedDictionary<long, double[]>();
        var stride = 1;
        while (place >= 0 && await reader.ReadLineAsync(stop) is { } line)
        {
            var cells = line.Split(',');
            if (cells.Length != names.Length || !long.TryParse(cells[place], CultureInfo.InvariantCulture, out var iteration) || iteration % stride != 0)
                continue;
            rows[iteration] = Array.ConvertAll(cells, cell => double.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
            if (rows.Count <= MostRows)
                continue;
            stride *= 2;
            foreach (var between in rows.Keys.Where(key => key % stride != 0).ToList())
                rows.Remove(between);
        }

        return rows.Count < 2
            ? null
            : new TrainingCurves([.. names.Index().Where(column => column.Item is not (Attempt or Iteration))
                .Select(column => new TrainingCurve(column.Item, [.. rows.Keys], [.. rows.Values.Select(row => row[column.Index])]))]);
    }
}

/// <param name="Values">One an iteration; NaN where it has none.</param>
internal sealed record TrainingCurve(string Name, IReadOnlyList<long> Iterations, IReadOnlyList<double> Values);
