using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>Case 1: the decoder learns the way from noise to an image that its latent describes, and the encoder what to say in the latent.</summary>
internal sealed class GenerationObjective(Recipe recipe, LznModel model, NetworkPasses passes, Draws draws, IDeviceGroup group) : IObjective
{
    private readonly bool _isTold = recipe.Decoder!.Latent is DecoderLatent.Zone;      // generation has a decoder
    private readonly Zones _zones = new(recipe, passes, draws, group);
    private readonly ImageFlow _images = new(recipe, model, passes, draws, group);

    public IReadOnlyList<string> Quantities { get; } = ["flow_loss"];

    public ObjectiveLoss Loss(Batch batch, long iteration)
    {
        var x1 = batch.Views[0];                                                                // [B, 3, S, S]
        var latents = _isTold ? _zones.Latents(x1, iteration)(1) : zeros(x1.shape[0], recipe.Encoder.LatentDimension, device: x1.device);      // [B, d]
        var flow = _images.Loss(x1, latents, batch.Labels, iteration);
        return new ObjectiveLoss(flow, flow);
    }
}
