using Lzn.Torch.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Lzn.Torch;

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
