using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lzn.Torch;

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
