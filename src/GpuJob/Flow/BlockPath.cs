using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>The path of a block of rows through all steps, there and back.</summary>
internal sealed class BlockPath(CentredAnchors centred, FlowPlan plan, Tensor index)
{
    private IReadOnlyList<FlowStep> Steps => plan.Schedule.Steps;

    /// <summary>The forward pass.</summary>
    /// <param name="start">Prior draws or points, [b, d].</param>
    /// <param name="deltas">Filled in for the backward pass, [b, d] each.</param>
    /// <param name="probabilities">Filled in for the backward pass, [b, N] each.</param>
    /// <param name="logProbabilities">Filled in with those of the anchors that are reported, [b] each.</param>
    /// <returns>Points at the end, float64 [b, d].</returns>
    internal Tensor Follow(Tensor start, Tensor[]? deltas, Tensor[]? probabilities, Tensor[] logProbabilities)
    {
        // the reverse flow to the anchors multiplies rounding without a bound where it passes the border of two zones
        var type = plan.FromOwn ? start.dtype : ScalarType.Float64;
        var attention = new Attention(centred, index, plan.FromOwn, type);
        var pull = new Pull(centred, index, plan.FromOwn, type);
        var seen = new List<Tensor>();
        var y = First(start);
        for (var k = 0; k < Steps.Count; k++)
        {
            using var scope = NewDisposeScope();
            var logits = attention.Logits(y, Steps[k].Time);
            var p = attention.Probabilities(logits);
            seen.Add(pull.Delta(p).MoveToOuterDisposeScope());
            deltas?[k].copy_(seen[k]);
            probabilities?[k].copy_(p);
            if (!plan.FromOwn)
                logProbabilities[k].copy_(attention.LogProbability(logits));
            var next = Steps[k].Advance(y, seen, k).MoveToOuterDisposeScope();
            y.Dispose();
            y = next;
            if (k >= FlowSchedule.GreatestOrder - 1)
                seen[k - (FlowSchedule.GreatestOrder - 1)].Dispose();       // no step looks back that far
        }

        var origins = plan.FromOwn ? centred.Points.index_select(0, index) + centred.Centre : centred.Centre;
        return y.add_(origins, 1 - plan.Schedule.End);
    }

    /// <summary>The backward pass: adds to the anchors' gradients, and returns the gradient w.r.t. the start, [b, d].</summary>
    /// <param name="inEnd">Gradient in the points at the end, [b, d].</param>
    /// <param name="inLogProbabilities">In those that are reported, [b] each; null if none are.</param>
    internal Tensor Return(Tensor start, Tensor[] deltas, Tensor[]? probabilities, Tensor inEnd, Tensor[]? inLogProbabilities, FlowGradients gradients)
    {
        var attention = probabilities is null ? new Attention(centred, index, plan.FromOwn, start.dtype) : null;
        var pull = new Pull(centred, index, plan.FromOwn, start.dtype);
        var points = new List<Tensor> { First(start) };
        for (var k = 0; k < Steps.Count - 1; k++)
            points.Add(Steps[k].Advance(points[k], deltas, k));

        var inPoints = new Tensor[Steps.Count + 1];
        inPoints[Steps.Count] = inEnd;
        for (var k = Steps.Count - 1; k >= 0; k--)
        {
            using var scope = NewDisposeScope();
            var t = Steps[k].Time;
            var p = probabilities?[k] ?? attention!.Probabilities(attention.Logits(points[k], t));          // there is one if there are no probabilities
            var inDelta = zeros_like(inEnd);
            for (var ahead = k; ahead < Steps.Count && ahead - k < Steps[ahead].Coefficients.Length; ahead++)
                inDelta.add_(inPoints[ahead + 1], Steps[ahead].Coefficients[ahead - k]);
            var inY = pull.Backward(points[k].to_type(p.dtype), t, p, deltas[k], inDelta, inLogProbabilities?[k], gradients);
            inPoints[k] = inY.add_(inPoints[k + 1], Steps[k].Scale).MoveToOuterDisposeScope();
        }

        if (!plan.FromOwn)
            return inPoints[0];
        gradients.AddRows(index, inEnd * (1 - plan.Schedule.End));
        return inPoints[0] * plan.Schedule.Start;
    }

    /// <summary>Points at the start, relative to where they are followed from, float64 [b, d].</summary>
    private Tensor First(Tensor start)
    {
        var exact = start.to_type(ScalarType.Float64);
        return plan.FromOwn ? exact * plan.Schedule.Start : exact - centred.Centre * (1 - plan.Schedule.Start);
    }
}

/// <summary>Some rows of a batch that go through all steps together.</summary>
internal sealed record RowBlock(long First, long Count)
{
    /// <summary>These rows of a tensor [M, ...].</summary>
    internal Tensor Of(Tensor all) => all.narrow(0, First, Count);

    /// <summary>These rows of every part of a tensor [parts, M, ...].</summary>
    [return: NotNullIfNotNull(nameof(parts))]
    internal Tensor[]? OfEach(Tensor? parts) => parts?.narrow(1, First, Count).unbind();
}

/// <summary>The gradient w.r.t. the anchors, summed up over rows and steps.</summary>
internal sealed class FlowGradients(Tensor anchors)
{
    private readonly Tensor _products = zeros_like(anchors);            // [N, d]
    // [N]; each draws its anchor's gradient along the anchor itself
    private readonly Tensor _shares = zeros(anchors.shape[0], dtype: anchors.dtype, device: anchors.device);

    internal void AddProduct(Tensor left, Tensor right) => _products.addmm_(left.t(), right);

    internal void AddShares(Tensor shares, double factor) => _shares.add_(shares, factor);

    internal void AddRows(Tensor own, Tensor rows) => _products.index_add_(0, own, rows, 1);

    internal Tensor Sum() => _products.addcmul_(_shares.unsqueeze(1), anchors, -1);
}
