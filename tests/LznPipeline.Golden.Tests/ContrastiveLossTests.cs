using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class ContrastiveLossTests
{
    private const double Tolerance = 1e-4;

    private readonly Golden _golden = Golden.Open("loss_contrastive");

    [Fact]
    public void Of_PublishedInputs_GivesLossesAccuracyAndGradientsWithin1e4()
    {
        using var scope = NewDisposeScope();
        var (view1, view2) = (_golden.Single("view1").requires_grad_(), _golden.Single("view2").requires_grad_());
        var flow = new LatentFlow(FlowSolver.Euler, _golden.Number("num_steps"));
        var own = arange(view1.shape[0], dtype: ScalarType.Int64, device: Golden.Device);

        var latents = flow.Forward(view1, _golden.Single("prior") * _golden.Fraction("prior_scale"), own);
        var loss = ContrastiveLoss.Of(latents, view2, own, flow, _golden.Fraction("cut_off"));
        BackwardPass.From(loss.Assigned.CrossEntropy);

        Assert.InRange(Golden.Distance(loss.Assigned.Probability, _golden["prob_loss"]), 0, Tolerance);
        Assert.InRange(Golden.Distance(loss.Assigned.CrossEntropy, _golden["cross_entropy"]), 0, Tolerance);
        Assert.InRange(Golden.Distance(loss.Accuracy, _golden["assignment_acc"]), 0, Tolerance);
        Assert.InRange(Golden.RelativeDistance(view1.grad!, _golden["grad_view1"]), 0, Tolerance);
        Assert.InRange(Golden.RelativeDistance(view2.grad!, _golden["grad_view2"]), 0, Tolerance);
    }
}
