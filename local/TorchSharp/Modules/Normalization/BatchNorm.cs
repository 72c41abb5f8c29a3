using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel over the batch, and keeps running statistics for evaluation.</summary>
public abstract class BatchNorm : nn.Module<Tensor, Tensor>
{
    private readonly Slot<Parameter> _weight;
    private readonly Slot<Parameter> _bias;
    private readonly Slot<Tensor> _runningMean;
    private readonly Slot<Tensor> _runningVar;
    private readonly Slot<Tensor> _batches;

    private protected BatchNorm(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        _weight = ParameterSlot(nameof(weight), affine ? nn.Parameter(ones([num_features], dtype, device)) : null);
        _bias = ParameterSlot(nameof(bias), affine ? nn.Parameter(zeros([num_features], dtype, device)) : null);
        _runningMean = BufferSlot(nameof(running_mean), track_running_stats ? zeros([num_features], dtype, device) : null);
        _runningVar = BufferSlot(nameof(running_var), track_running_stats ? ones([num_features], dtype, device) : null);
        _batches = BufferSlot(nameof(num_batches_tracked), track_running_stats ? zeros([], ScalarType.Int64, device) : null);
    }

    public Parameter weight { get => _weight.Required; set => _weight.Value = value; }

    public Parameter? bias { get => _bias.Value; set => _bias.Value = value; }

    public Tensor? running_mean { get => _runningMean.Value; set => _runningMean.Value = value; }

    public Tensor? running_var { get => _runningVar.Value; set => _runningVar.Value = value; }

    public Tensor? num_batches_tracked { get => _batches.Value; set => _batches.Value = value; }

    public long num_features { get; }

    public double eps { get; set; }

    /// <summary>The share of the newest batch in the running statistics; null for the plain average over all batches.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public void reset_running_stats()
    {
        running_mean?.zero_();
        running_var?.fill_(1);
        num_batches_tracked?.zero_();
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        var share = momentum ?? 0.0;
        if (training && num_batches_tracked is not null)
        {
            num_batches_tracked.add_(1);
            share = momentum ?? 1.0 / num_batches_tracked.ToDouble();
        }

        return nn.functional.batch_norm(input, running_mean, running_var, _weight.Value, bias, training || running_mean is null, share, eps);
    }

    protected abstract void ValidateInputDimensions(Tensor input);
}
