using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class LabelLossTests
{
    private readonly Golden _golden = Golden.Open("loss_label");

    private LabelFlowRecipe Flow => new()
    {
        Steps = _golden.Number("num_steps"),
        DropFirst = _golden.Fraction("cut_off"),
        LossWeight = new AssignmentLossWeights { Probability = 1, CrossEntropy = 0 },
    };

    [Fact]
    public void Probability_PublishedInputs_GivesLossAndGradientsWithin1e4()
    {
        using var scope = NewDisposeScope();
        var anchors = _golden.Single("anchors").requires_grad_();
        var latents = _golden.Single("latent").requires_grad_();

        var loss = LabelLoss.Of(latents, _golden["label"], anchors, _golden.Single("class_weights"), Flow).Probability;
        BackwardPass.From(loss);

        Assert.InRange(Golden.Distance(loss, _golden["label_loss"]), 0, 1e-4);
        Assert.InRange(Golden.RelativeDistance(anchors.grad!, _golden["grad_anchors"]), 0, 1e-4);
        Assert.InRange(Golden.RelativeDistance(latents.grad!, _golden["grad_latent"]), 0, 1e-4);
    }

    [Fact]
    public void Forward_FromLabels_GivesLatentsThatReadBackAsTheirLabels()
    {
        using var scope = NewDisposeScope();
        var (anchors, flow) = (_golden.Single("anchors"), LatentFlow.Of(Flow));

        var latents = flow.Forward(anchors, _golden.Single("prior"), _golden["label"]);
        var arrived = flow.Arrive(latents, anchors);

        Assert.InRange(Golden.Distance(latents, _golden["latent_from_label"]), 0, 2e-6);
        Assert.Equal(_golden.InMemory("predicted").data<long>().ToArray(), Distances.Squared(arrived, anchors).argmin(1).cpu().data<long>().ToArray());
    }
}
