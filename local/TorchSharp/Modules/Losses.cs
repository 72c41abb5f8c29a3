using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A criterion of two inputs and how it is reduced.</summary>
    public abstract class Loss<T1, T2, TResult> : ParameterLessModule<T1, T2, TResult>
    {
        private protected Loss(string name, nn.Reduction reduction) : base(name) => this.reduction = reduction;

        public nn.Reduction reduction { get; }
    }

    public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
    {
        public MSELoss(nn.Reduction reduction = nn.Reduction.Mean) : base(nameof(MSELoss), reduction) { }

        public override Tensor forward(Tensor input, Tensor target) => nn.functional.mse_loss(input, target, reduction);
    }

    public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
    {
        public L1Loss(nn.Reduction reduction = nn.Reduction.Mean) : base(nameof(L1Loss), reduction) { }

        public override Tensor forward(Tensor input, Tensor target) => nn.functional.l1_loss(input, target, reduction);
    }

    public sealed class CrossEntropyLoss : Loss<Tensor, Tensor, Tensor>
    {
        public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0.0)
            : base(nameof(CrossEntropyLoss), reduction)
        {
            this.weight = weight;
            this.ignore_index = ignore_index;
            this.label_smoothing = label_smoothing;
        }

        public Tensor? weight { get; }

        public long? ignore_index { get; }

        public double label_smoothing { get; }

        public override Tensor forward(Tensor input, Tensor target) =>
            nn.functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public enum Reduction : long
            {
                None = 0,
                Mean = 1,
                Sum = 2,
            }

            public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);
            public static L1Loss L1Loss(Reduction reduction = Reduction.Mean) => new(reduction);
            public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index, reduction);
        }
    }
}
