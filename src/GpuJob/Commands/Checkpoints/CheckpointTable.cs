using System.Globalization;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Commands.Checkpoints;

/// <summary>Prints a checkpoint for people: what it says of itself, its parts, its tensors. Reads every tensor once.</summary>
internal sealed class CheckpointTable(CheckpointView view)
{
    private static readonly string[] NotWeights = ["ema", "adam", "optimizer", "encoder_ema", "decoder_ema", "label_anchor_ema"];

    /// <param name="all">Whether running means and moments are listed one by one.</param>
    internal void Write(TextWriter to, bool all)
    {
        var measured = view.Tensors.Select(Measured.Of).ToList();
        Write(to, [.. view.Facts.Select(fact => new[] { fact.Name, fact.Text })]);
        to.WriteLine();
        Write(to, [["part", "tensors", "numbers", "norm"], .. measured.GroupBy(each => each.Tensor.Group).Select(group => new[]
        {
            group.Key,
            $"{group.Count()}",
            string.Create(CultureInfo.InvariantCulture, $"{group.Sum(each => each.Tensor.Source.Count):N0}"),
            Norm(Math.Sqrt(group.Sum(each => each.Norm * each.Norm))),
        })]);
        to.WriteLine();
        Write(to, [["tensor", "type", "shape", "norm"], .. measured.Where(each => all || !NotWeights.Contains(each.Tensor.Group)).Select(each => new[]
        {
            each.Tensor.Name, each.Tensor.Source.Type.Safetensors, $"[{string.Join(", ", each.Tensor.Source.Shape)}]", Norm(each.Norm),
        })]);
        to.WriteLine();
        var broken = measured.Where(each => !each.IsFinite).Select(each => each.Tensor.Name).ToList();
        to.WriteLine(broken.Count == 0 ? "All numbers are finite." : $"Not finite: NaN or infinity in {string.Join(", ", broken)}");
    }

    private static string Norm(double norm) => norm.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>Columns as wide as their widest cell, but for the last.</summary>
    private static void Write(TextWriter to, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            to.WriteLine(string.Concat(row[..^1].Zip(widths, (cell, width) => cell.PadRight(width + 2))) + row[^1]);
    }

    /// <param name="Norm">Root of the sum of squares.</param>
    private sealed record Measured(ViewedTensor Tensor, double Norm, bool IsFinite)
    {
        internal static Measured Of(ViewedTensor viewed)
        {
            using var scope = NewDisposeScope();
            var values = viewed.Source.Read().to_type(ScalarType.Float64);
            var norm = values.square().sum().sqrt().item<double>();
            return new Measured(viewed, norm, values.isfinite().all().item<bool>());
        }
    }
}
