using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Devices.Groups;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Gradients;

/// <summary>Parameters whose gradients lie one behind the other in one tensor, so that one exchange serves them all.</summary>
internal sealed class GradientBucket : IDisposable
{
    private readonly List<(Parameter Parameter, Tensor Gradient)> _slots = [];
    private readonly Tensor _flat;
    private IPending? _sum;

    /// <param name="parameters">Of one type and device.</param>
    internal GradientBucket(IReadOnlyList<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        _flat = zeros(parameters.Sum(parameter => parameter.numel()), parameters[0].dtype, parameters[0].device).DetachFromDisposeScope();
        var begin = 0L;
        foreach (var parameter in parameters)
        {
            _slots.Add((parameter, _flat.narrow(0, begin, parameter.numel()).view(parameter.shape).DetachFromDisposeScope()));
            begin += parameter.numel();
        }
    }

    /// <summary>Whether one of its parameters still learns.</summary>
    internal bool Learns => _slots.Exists(slot => slot.Parameter.requires_grad);

    /// <summary>Sets the gradients to zero. Backward adds to them here.</summary>
    internal void Clear()
    {
        _flat.zero_();
        foreach (var (parameter, gradient) in _slots)
            parameter.grad = gradient;
    }

    /// <summary>Makes backward add to fresh gradients elsewhere, so that <see cref="Recover"/> can tell whether it still does.</summary>
    internal void Detach()
    {
        foreach (var (parameter, _) in _slots)
            parameter.grad = null;
    }

    /// <summary>Adds what came since <see cref="Detach"/>.</summary>
    /// <returns>Whether anything came, be it zeros.</returns>
    internal bool Recover()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var came = false;
        foreach (var (parameter, gradient) in _slots)
        {
            if (parameter.grad is { IsInvalid: false } elsewhere)
            {
                gradient.add_(elsewhere);
                came = true;
            }

            parameter.grad = gradient;
        }

        return came;
    }

    /// <summary>Begins to add up the ranks' gradients.</summary>
    internal void Send(IDeviceGroup group) => _sum ??= group.Sum(_flat);

    internal void Receive()
    {
        _sum?.Wait();
        _sum = null;
    }

    public void Dispose()
    {
        foreach (var (_, gradient) in _slots)
            gradient.Dispose();
        _flat.Dispose();
    }
}

/// <summary>Leaves a tensor as it is, and tells when backward comes by: everything computed after this place has its gradient then.</summary>
/// <remarks>
/// Backward takes the operations of a graph in the reverse of the order in which they were recorded, and adds to a parameter's gradient before anything else.
/// </remarks>
internal sealed class BucketMark : OwnGradient<BucketMark, Action>
{
    internal static Tensor On(Tensor input, Action reached) => Apply(reached, input)[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(Action state, Tensor?[] inputs) => ([inputs[0]!.detach()], []);        // On gives it

    protected override Tensor?[] Backward(Action state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        state();
        return gradients;
    }
}
