using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Pickle;

namespace LznPipeline.GpuJob.Checkpoints.Published;

/// <summary>Adam's state of one part of a model.</summary>
/// <param name="Moments">One for each parameter, in their order; null for those that were never changed.</param>
internal sealed record PublishedGroup(double Beta1, double Beta2, double Epsilon, double WeightDecay, bool IsAmsgrad, IReadOnlyList<PublishedMoments?> Moments)
{
    /// <exception cref="InvalidDataException">It is no state of such an optimizer.</exception>
    internal static IReadOnlyList<PublishedGroup> All(PickleValue optimizer, TorchFile file, int parts)
    {
        var state = optimizer.Get("state");
        var groups = optimizer.Get("param_groups").Items().Select(group => Of(group, state, file)).ToList();
        return groups.Count == parts ? groups : throw new InvalidDataException($"{optimizer.Path} has {groups.Count} groups for {parts} parts of the model.");
    }

    private static PublishedGroup Of(PickleValue group, PickleValue state, TorchFile file)
    {
        var betas = group.Get("betas").Items().Select(file.Fraction).ToList();
        return betas is [var beta1, var beta2]
            ? new(beta1, beta2, file.Fraction(group.Get("eps")), file.Fraction(group.Get("weight_decay")), group.Get("amsgrad").Flag(),
                [.. group.Get("params").Items().Select(index => state.Find(index.Number()) is { } moments ? PublishedMoments.Of(moments, file) : null)])
            : throw new InvalidDataException($"{group.Path}.betas has {betas.Count} values in place of 2.");
    }
}

/// <summary>Adam's state of one parameter.</summary>
internal sealed record PublishedMoments(long Steps, TorchTensor Mean, TorchTensor Square)
{
    internal static PublishedMoments Of(PickleValue value, TorchFile file) =>
        new((long)file.Fraction(value.Get("step")), value.Get("exp_avg").Tensor(), value.Get("exp_avg_sq").Tensor());
}
