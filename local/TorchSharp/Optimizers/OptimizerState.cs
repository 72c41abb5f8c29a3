using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState : IDisposable
{
    private protected readonly Parameter _parameter;

    private protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Copies the other state, onto this parameter's device.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    public abstract void to(Device device);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>Zeros like the parameter, outside of dispose scopes: they live as long as the optimizer.</summary>
    private protected Tensor Zeros()
    {
        using var guard = no_grad();
        return zeros_like(_parameter).DetachFromDisposeScope();
    }

    private protected Tensor? Copy(Tensor? source) => source?.to(_parameter.device, copy: true).DetachFromDisposeScope();

    private protected static void Move(ref Tensor? tensor, Device device)
    {
        if (tensor is null || !tensor.WillCopy(tensor.dtype, device)) return;
        tensor = tensor.to(device, disposeAfter: true).DetachFromDisposeScope();
    }

    private protected static void Replace(ref Tensor? tensor, Tensor? value)
    {
        tensor?.Dispose();
        tensor = value;
    }

    private protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    private protected Tensor? LoadConditionalStateTensor(BinaryReader reader) =>
        reader.ReadBoolean() ? TensorExtensionMethods.Load(reader).to(_parameter.device, disposeAfter: true).DetachFromDisposeScope() : null;

    private protected static bool Near(Tensor? left, Tensor? right) => left is null ? right is null : right is not null && left.allclose(right);
}
