using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Normalises [N, C, ...] over each of num_groups groups of channels; weight and bias: [C].</summary>
    public sealed class GroupNorm : nn.Module<Tensor, Tensor>
    {
        private readonly Slot<Parameter> _weight;
        private readonly Slot<Parameter> _bias;

        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
        {
            this.num_groups = num_groups;
            this.eps = eps;
            this.affine = affine;
            _weight = ParameterSlot(nameof(weight), affine ? nn.Parameter(ones([num_channels], dtype, device)) : null);
            _bias = ParameterSlot(nameof(bias), affine ? nn.Parameter(zeros([num_channels], dtype, device)) : null);
        }

        public Parameter weight { get => _weight.Required; set => _weight.Value = value; }

        public Parameter? bias { get => _bias.Value; set => _bias.Value = value; }

        public long num_groups { get; set; }

        public double eps { get; set; }

        public bool affine { get; set; }

        /// <exception cref="ArgumentException">Fewer than three dimensions: <see cref="nn.functional.group_norm"/> takes those.</exception>
        public override Tensor forward(Tensor tensor) => tensor.Dimensions >= 3
            ? nn.functional.group_norm(tensor, num_groups, _weight.Value, bias, eps)
            : throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.Dimensions}. Allowed: 3 or more, [N, C, ...].", nameof(tensor));
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static GroupNorm GroupNorm(
                long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
