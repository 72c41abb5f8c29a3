using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>y = x W^T + b, W: [out, in]. Starts with U(-1/sqrt(in), 1/sqrt(in)), as PyTorch's.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        private readonly Slot<Parameter> _weight;
        private readonly Slot<Parameter> _bias;

        internal Linear(Parameter weight, Parameter? bias = null) : base(nameof(Linear))
        {
            in_features = weight.shape[1];
            out_features = weight.shape[0];
            _weight = ParameterSlot(nameof(weight), weight);
            _bias = ParameterSlot(nameof(bias), bias);
        }

        internal Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
            : this(nn.Parameter(empty([outputSize, inputSize], dtype, device)), hasBias ? nn.Parameter(empty([outputSize], dtype, device)) : null)
        {
            nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (bias is null) return;
            var bound = 1 / Math.Sqrt(inputSize);
            nn.init.uniform_(bias, -bound, bound);
        }

        public Parameter weight { get => _weight.Required; set => _weight.Value = value; }

        public Parameter? bias { get => _bias.Value; set => _bias.Value = value; }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}
