using TorchSharp.Modules;

namespace Lzn.Torch;

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
