using Lzn.Torch.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>The step that Adam and AdamW share; they differ in where weight decay goes.</summary>
public abstract class AdamFamily : OptimizerHelper, IBetas
{
    private readonly AdamOptions _defaults;

    private protected AdamFamily(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
    {
        Check(lr >= 0, "learning rate", lr);
        Check(eps >= 0, "ε", eps);
        Check(beta1 is >= 0 and < 1, "beta1", beta1);
        Check(beta2 is >= 0 and < 1, "beta2", beta2);
        Check(weight_decay >= 0, "weight_decay value", weight_decay);
        _defaults = new AdamOptions
        {
            LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
        };
    }

    public (double, double) Betas
    {
        get => _defaults.Betas;
        set => _defaults.Betas = value;
    }

    private protected abstract AdamOptions NewOptions();

    /// <summary>Applies weight decay to the parameter or the gradient; returns the gradient to go on with.</summary>
    private protected abstract Tensor Decayed(Parameter parameter, Tensor grad, AdamOptions options);

    private protected override OptimizerOptions WithDefaults(OptimizerOptions? options)
    {
        var own = (AdamOptions?)options ?? NewOptions();
        own.LearningRate ??= _defaults.LearningRate;
        own.beta1 ??= _defaults.beta1;
        own.beta2 ??= _defaults.beta2;
        own.eps ??= _defaults.eps;
        own.weight_decay ??= _defaults.weight_decay;
        own.amsgrad ??= _defaults.amsgrad;
        own.maximize ??= _defaults.maximize;
        own.InitialLearningRate = own.LearningRate!.Value; // the defaults have one
        return own;
    }

    private protected override void Update(Parameter parameter, Tensor grad, OptimizerOptions options, OptimizerState state)
    {
        var o = (AdamOptions)options;
        var s = (AdamState)state;
        var (beta1, beta2) = o.Betas;
        if (o.maximize == true) grad = -grad;
        grad = Decayed(parameter, grad, o);

        s.step++;
        Aten.mul__Scalar.InPlace(s.exp_avg, s.exp_avg, beta1);
        Aten.add__Tensor.InPlace(s.exp_avg, s.exp_avg, grad, 1 - beta1);
        Aten.mul__Scalar.InPlace(s.exp_avg_sq, s.exp_avg_sq, beta2);
        Aten.addcmul_.InPlace(s.exp_avg_sq, s.exp_avg_sq, grad, grad, 1 - beta2);
        if (s.max_exp_avg_sq is not null) Aten.maximum_out.InPlace(s.max_exp_avg_sq, s.max_exp_avg_sq, s.exp_avg_sq, s.max_exp_avg_sq);

        var correction1 = 1 - Math.Pow(beta1, s.step);
        var correction2 = 1 - Math.Pow(beta2, s.step);
        var denominator = ((s.max_exp_avg_sq ?? s.exp_avg_sq).sqrt() / Math.Sqrt(correction2)).add_(o.eps!.Value); // set when the group was added
        Aten.addcdiv_.InPlace(parameter, parameter, s.exp_avg, denominator, -o.LearningRate!.Value / correction1); // likewise
    }
}

/// <summary>Settings of Adam and AdamW.</summary>
public class AdamOptions : OptimizerOptions
{
    public double? beta1;
    public double? beta2;
    public double? weight_decay;
    public double? eps;
    public bool? amsgrad;
    public bool? maximize;

    internal (double, double) Betas
    {
        get => (beta1!.Value, beta2!.Value); // set when the group was added
        set => (beta1, beta2) = value;
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        foreach (var number in new[] { beta1, beta2, eps, weight_decay }) writer.Write(number!.Value); // set when the group was added
        foreach (var flag in new[] { amsgrad, maximize }) writer.Write(flag!.Value); // likewise
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        beta1 = reader.ReadDouble();
        beta2 = reader.ReadDouble();
        eps = reader.ReadDouble();
        weight_decay = reader.ReadDouble();
        amsgrad = reader.ReadBoolean();
        maximize = reader.ReadBoolean();
    }

    public override void LoadStateDict(OptimizerOptions source)
    {
        base.LoadStateDict(source);
        if (source is not AdamOptions other) throw new ArgumentException($"Options of {source.GetType().DeclaringType?.Name} do not fit Adam.", nameof(source));
        (beta1, beta2, weight_decay, eps, amsgrad, maximize) = (other.beta1, other.beta2, other.weight_decay, other.eps, other.amsgrad, other.maximize);
    }
}

/// <summary>Steps taken and the running means of gradient and squared gradient.</summary>
public abstract class AdamState : OptimizerState
{
    public long step;

    private Tensor? _average;
    private Tensor? _square;
    private Tensor? _maximum;

    private protected AdamState(Parameter parameter) : base(parameter) { }

    public Tensor exp_avg
    {
        get => _average!; // set by Initialize, before anyone sees the state
        set => Replace(ref _average, value.DetachFromDisposeScope());
    }

    public Tensor exp_avg_sq
    {
        get => _square!; // likewise
        set => Replace(ref _square, value.DetachFromDisposeScope());
    }

    public Tensor? max_exp_avg_sq
    {
        get => _maximum;
        set => Replace(ref _maximum, value?.DetachFromDisposeScope());
    }

    public override void Initialize(OptimizerOptions options)
    {
        step = 0;
        exp_avg = Zeros();
        exp_avg_sq = Zeros();
        max_exp_avg_sq = ((AdamOptions)options).amsgrad == true ? Zeros() : null;
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(step);
        exp_avg.Save(writer);
        exp_avg_sq.Save(writer);
        SaveConditionalStateTensor(writer, max_exp_avg_sq);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        step = reader.ReadInt64();
        exp_avg.Load(reader);
        exp_avg_sq.Load(reader);
        max_exp_avg_sq = LoadConditionalStateTensor(reader);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var other = (AdamState)source;
        step = other.step;
        exp_avg = Copy(other.exp_avg)!; // a copy of something is something
        exp_avg_sq = Copy(other.exp_avg_sq)!; // likewise
        max_exp_avg_sq = Copy(other.max_exp_avg_sq);
    }

    public override void to(Device device)
    {
        Move(ref _average, device);
        Move(ref _square, device);
        Move(ref _maximum, device);
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is AdamState state && step == state.step && Near(_average, state._average) && Near(_square, state._square) && Near(_maximum, state._maximum);

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _average?.Dispose();
        _square?.Dispose();
        _maximum?.Dispose();
    }
}
