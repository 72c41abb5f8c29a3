using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Devices.Groups;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Gradients;

/// <summary>
/// Gives all ranks the mean of their gradients, and does so while backward still computes:
/// a bucket of parameters is exchanged as soon as its gradients are whole.
/// </summary>
/// <remarks>
/// A bucket's gradients are whole when backward comes back to where the first of its modules was entered. That is certain only for modules that are
/// called in the ordinary way; so the first time that forward enters the modules in a certain order, the exchange waits for the end of backward, and
/// looks which gradients were indeed whole in time. Those that were not, such as those of a bare parameter, are always exchanged at the end. Ranks run
/// the same program, so all come to the same order.
/// </remarks>
internal sealed class GradientExchange : IDisposable
{
    /// <summary>Large enough that bandwidth counts and not the number of messages; small enough that the first is sent early.</summary>
    internal const long DefaultBucketBytes = 8 << 20;

    private const ulong PathSeed = 14695981039346656037;
    private const ulong PathPrime = 1099511628211;

    private readonly IDeviceGroup _group;
    private readonly List<GradientBucket> _buckets = [];
    private readonly List<Parameter> _alone = [];              // of a single rank, whose gradients are nobody else's
    private readonly List<
        nn.HookableModule<Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor, Tensor>>.HookRemover> _hooks = [];
    private readonly Dictionary<ulong, Moment[]> _plans = [];
    private readonly bool[] _entered;
    private readonly bool[] _detached;
    private bool _watching;
    private ulong _path;
    private Moment[]? _plan;

    /// <param name="bucketBytes">How much is exchanged at once, at least; a module's parameters stay together.</param>
    internal GradientExchange(nn.Module model, IDeviceGroup group, long bucketBytes = DefaultBucketBytes)
    {
        _group = group;
        if (group.Size > 1)
            Fill(model, bucketBytes);
        else
            _alone = [.. model.parameters()];
        (_entered, _detached) = (new bool[_buckets.Count], new bool[_buckets.Count]);
    }

    /// <summary>When a bucket is exchanged.</summary>
    private enum Moment
    {
        /// <summary>Within backward.</summary>
        Early,

        /// <summary>After backward.</summary>
        Late,

        /// <summary>Never: there are no gradients.</summary>
        Never,
    }

    /// <summary>How many exchanges a step with the last one's order of modules begins within backward; for reports.</summary>
    internal int EarlyBuckets => _plan?.Count(moment => moment is Moment.Early) ?? 0;

    internal int Buckets => _buckets.Count;

    /// <summary>Before forward: there are no gradients, or zeros.</summary>
    internal void Begin()
    {
        foreach (var parameter in _alone)
            parameter.grad = null;
        foreach (var bucket in _buckets)
            bucket.Clear();
        Array.Clear(_entered);
        Array.Clear(_detached);
        (_watching, _path) = (true, PathSeed);
    }

    /// <summary>After forward: computes the gradients of the mean of the ranks' losses.</summary>
    /// <param name="loss">This rank's, the mean over its own rows.</param>
    internal void Backward(Tensor loss)
    {
        _watching = false;
        if (_group.Size == 1)
        {
            BackwardPass.From(loss);
            return;
        }

        if (!_plans.TryGetValue(_path, out _plan))
            DetachWhere(bucket => !_entered[bucket]);
        BackwardPass.From(loss / _group.Size);
        _plan ??= _plans[_path] = Rehearsed();

        for (var bucket = 0; bucket < _buckets.Count; bucket++)
            Send(bucket, unless: Moment.Never);
        foreach (var bucket in _buckets)
            bucket.Receive();
    }

    public void Dispose()
    {
        foreach (var hook in _hooks)
            hook.remove();
        foreach (var bucket in _buckets)
            bucket.Dispose();
    }

    /// <summary>The last modules come first, as in backward. What cannot be watched, and what belongs to another network, gets buckets of its own.</summary>
    private void Fill(nn.Module model, long bucketBytes)
    {
        var owners = Owners("", model, []).Reverse().ToList();
        foreach (var alike in owners.GroupBy(owner =>
            (owner.Module is nn.Module<Tensor, Tensor>, owner.Name.Split('.')[0], owner.Own[0].dtype, owner.Own[0].device_type)))
        {
            foreach (var together in Cut([.. alike], bucketBytes))
            {
                foreach (var owner in together)
                    Watch(owner.Module, _buckets.Count);
                _buckets.Add(new GradientBucket([.. together.SelectMany(owner => owner.Own)]));
            }
        }
    }

    /// <summary>Modules with parameters of their own, in the order of their definition, without parameters that another one before had already.</summary>
    private static IEnumerable<Owner> Owners(string name, nn.Module module, HashSet<nint> seen)
    {
        var own = module.named_parameters(recurse: false).Select(each => each.parameter).Where(parameter => seen.Add(parameter.Handle)).ToList();
        if (own.Count > 0)
            yield return new Owner(name, module, own);
        foreach (var owner in module.named_children().SelectMany(child => Owners(name.Length > 0 ? $"{name}.{child.name}" : child.name, child.module, seen)))
            yield return owner;
    }

    private static IEnumerable<List<Owner>> Cut(List<Owner> owners, long bucketBytes)
    {
        var (together, bytes) = (new List<Owner>(), 0L);
        foreach (var owner in owners)
        {
            together.Add(owner);
            bytes += owner.Own.Sum(parameter => parameter.numel() * parameter.element_size());
            if (bytes < bucketBytes)
                continue;
            yield return together;
            (together, bytes) = ([], 0);
        }

        if (together.Count > 0)
            yield return together;
    }

    private void Watch(nn.Module module, int bucket)
    {
        var number = (ulong)_hooks.Count + 1;
        if (module is nn.Module<Tensor, Tensor> ordinary)
            _hooks.Add(ordinary.register_forward_pre_hook((_, input) => Entered(number, bucket, input)));
    }

    private Tensor Entered(ulong module, int bucket, Tensor input)
    {
        if (!_watching || !is_grad_enabled())
            return input;
        _path = (_path ^ module) * PathPrime;
        if (_entered[bucket])
            return input;
        _entered[bucket] = true;
        return input.requires_grad ? BucketMark.On(input, () => Reached(bucket)) : input;
    }

    private void Reached(int bucket)
    {
        if (_plan is null)
            DetachWhere(each => each == bucket);
        else
            Send(bucket, unless: Moment.Late);
    }

    private void DetachWhere(Predicate<int> chosen)
    {
        for (var bucket = 0; bucket < _buckets.Count; bucket++)
        {
            if (!chosen(bucket))
                continue;
            _buckets[bucket].Detach();
            _detached[bucket] = true;
        }
    }

    private Moment[] Rehearsed()
    {
        var plan = new Moment[_buckets.Count];
        for (var bucket = 0; bucket < plan.Length; bucket++)
        {
            if (!_detached[bucket] || _buckets[bucket].Recover())
                plan[bucket] = Moment.Late;
            else
                plan[bucket] = _entered[bucket] ? Moment.Early : Moment.Never;
        }

        return plan;
    }

    private void Send(int bucket, Moment unless)
    {
        if (_plan![bucket] != unless && _plan[bucket] != Moment.Never && _buckets[bucket].Learns)      // only called with a plan
            _buckets[bucket].Send(_group);
    }

    /// <summary>A module and the parameters that it alone has.</summary>
    private sealed record Owner(string Name, nn.Module Module, List<Parameter> Own);
}
